import { beforeAll, expect, onTestFinished } from 'vitest';
import { buildImageMs } from '../images/agent-image.ts';
import { keyOf, type Script, ScriptedModel } from '../models/scripted-model.ts';
import type { Turn } from '../models/turn.ts';
import type { AgentBench, BenchEnd, BenchOrder } from './agent-bench.ts';
import { containerBench } from './container-bench.ts';
import { dialects, type ModelAgent } from './dialects.ts';
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

export interface Scene extends Partial<Omit<BenchOrder, 'agent' | 'key' | 'model'>> {
  readonly bench: AgentBench;
  readonly agent: ModelAgent | 'command';
  readonly script: Script;
}

/**
 * Runs an agent against a script. Whatever the script is, the agent asks the model's address alone, with the key that
 * it was given, and for the model that it was told.
 */
export async function play({ bench, agent, script, ...order }: Scene): Promise<Played> {
  const model = await ScriptedModel.start({ script, key });
  onTestFinished(() => model.close());
  const { api, model: modelName } = agent === 'command' ? ofAnyProgram : dialects[agent];
  const end = await bench.run({ agent, model, key, api, modelName, ...order });
  expect(end.proxied).toEqual([]);
  expect(model.strays).toEqual([]);
  for (const request of [...model.requests, ...model.sideRequests]) {
    expect(keyOf(request)).toBe(key);
    expect(request.body['model']).toBe(order.modelName ?? modelName);
  }
  return { ...end, model };
}

/** What a program of any kind is told to ask. */
const ofAnyProgram = { api: 'openai-chat', model: 'some-model' } as const;

/** A script, and a promise that resolves when its model is asked for the `times`-th time. */
export function countedScript(
  script: (index: number) => Turn,
  times: number,
): { readonly script: Script; readonly asked: Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const counted: Script = (_request, index) => {
    if (index + 1 >= times) resolve();
    return script(index);
  };
  return { script: counted, asked: promise };
}
