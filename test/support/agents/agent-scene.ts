import { expect, onTestFinished } from 'vitest';
import { keyOf, type Script, ScriptedModel } from '../models/scripted-model.ts';
import type { Turn } from '../models/turn.ts';
import type { AgentBench, BenchEnd, BenchOrder } from './agent-bench.ts';
import { containerBench } from './container-bench.ts';
import { dialects, type ModelAgent } from './dialects.ts';
import { localBench } from './local-bench.ts';

/** Every place that agents are to behave alike in. */
export const benches: readonly AgentBench[] = process.env['B6']
  ? [containerBench(process.env['B6'] as 'runc')]
  : [localBench];

const key = 'sk-sallyport-scripted';

export type Played = BenchEnd & { readonly model: ScriptedModel };

export interface Scene extends Partial<Omit<BenchOrder, 'agent' | 'key' | 'model'>> {
  readonly bench: AgentBench;
  readonly agent: ModelAgent;
  readonly script: Script;
}

/**
 * Runs an agent against a script. Whatever the script is, the agent asks the model's address alone, with the key that
 * it was given, and for the model that it was told.
 */
export async function play({ bench, agent, script, ...order }: Scene): Promise<Played> {
  const model = await ScriptedModel.start({ script, key });
  onTestFinished(() => model.close());
  const { api, model: modelName } = dialects[agent];
  const end = await bench.run({ agent, model, key, api, modelName, ...order });
  expect(end.proxied).toEqual([]);
  expect(model.strays).toEqual([]);
  for (const request of [...model.requests, ...model.sideRequests]) {
    expect(keyOf(request)).toBe(key);
    expect(request.body['model']).toBe(order.modelName ?? modelName);
  }
  return { ...end, model };
}

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
