import { beforeAll, expect } from 'vitest';
import { buildImageMs } from '../images/agent-image.ts';
import { keyOf, type Script, ScriptedModel, turnOf } from '../models/scripted-model.ts';
import type { AgentBench, BenchEnd, BenchOrder, Ceiling } from './agent-bench.ts';
import { containerBench } from './container-bench.ts';
import { dialects, type ModelAgent, modelAgents } from './dialects.ts';
import { localBench } from './local-bench.ts';

/** Where agents run, by `SALLYPORT_TEST_AGENTS`: `local`, `runc` or `runsc`, or several of them with commas. */
const named = (process.env['SALLYPORT_TEST_AGENTS'] ?? 'local').split(',');

/** Every place that agents are to behave alike in. */
export const benches: readonly AgentBench[] = named.map((name) => {
  if (name === 'local') return localBench;
  if (name === 'runc' || name === 'runsc') return containerBench(name);
  throw new Error(`SALLYPORT_TEST_AGENTS names ${name}, which is no place where agents run`);
});

/** Has what the agent needs made ready before the tests of this group. */
export function prepareOnce(bench: AgentBench, agent: string): void {
  beforeAll(() => bench.prepare(agent), buildImageMs);
}

const key = 'sk-sallyport-scripted';

export type Played = BenchEnd & { readonly model: ScriptedModel };

export interface Scene extends Partial<Omit<BenchOrder, 'agent' | 'key' | 'model' | 'ceiling'>> {
  readonly bench: AgentBench;
  readonly agent: ModelAgent | 'command' | 'linters';
  readonly script: Script;
  /** How many requests the model answers before the agent is asked to end. */
  readonly ceiling?: number;
}

/**
 * Runs an agent against a script. Whatever the script is, the agent asks the model's address alone, with the key that
 * it was given, and for the model that it was told.
 *
 * @throws when it asks what the provider's types do not have.
 */
export async function play({ bench, agent, script, ceiling, ...order }: Scene): Promise<Played> {
  const limited = ceiling === undefined ? { script } : silentAfter(script, ceiling);
  const model = await ScriptedModel.start({ script: limited.script, key });
  const { api, model: modelName } = isModelAgent(agent) ? dialects[agent] : ofAnyProgram;
  try {
    const end = await bench.run({ agent, model, key, api, modelName, ...limited, ...order });
    expect(end.denied).toEqual([]);
    expect(model.strays).toEqual([]);
    for (const request of [...model.requests, ...model.sideRequests]) {
      expect(keyOf(request)).toBe(key);
      expect(request.body['model']).toBe(order.modelName ?? modelName);
    }
    return { ...end, model };
  } finally {
    await model.close();
  }
}

function isModelAgent(agent: string): agent is ModelAgent {
  return modelAgents.some((name) => name === agent);
}

/** What a program of any kind is told to ask. */
const ofAnyProgram = { api: 'openai-chat', model: 'some-model' } as const;

/** Where no broker holds the ceiling, the request that is too many waits for an answer until its agent has ended. */
function silentAfter(
  script: Script,
  requests: number,
): { readonly script: Script; readonly ceiling: Ceiling } {
  const { promise: reached, resolve } = Promise.withResolvers<void>();
  const limited: Script = (request, index) => {
    if (index < requests) return turnOf(script, request, index);
    resolve();
    return { kind: 'silence' };
  };
  return { script: limited, ceiling: { requests, reached } };
}
