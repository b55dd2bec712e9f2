import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { LeakGuard } from '../../../src/dispatch/leak-guard.ts';
import { openBroker } from '../../../src/dispatch/open-broker.ts';
import { runSandbox, type SandboxVerdict } from '../../../src/dispatch/run-sandbox.ts';
import { EgressPolicy } from '../../../src/policy/egress-policy.ts';
import type { SandboxEvent } from '../../../src/protocol/event.ts';
import { systemClock } from '../../../src/system-clock.ts';
import { modelLabel, plainPrompt, taskOf } from '../agents/agent-bench.ts';
import { agentLimits } from '../agents/container-bench.ts';
import { dialects, type ModelAgent } from '../agents/dialects.ts';
import { FakeResolver, LoopbackDialer } from '../broker/loopback-dialer.ts';
import { agentImage } from '../images/agent-image.ts';
import { type Script, ScriptedModel } from '../models/scripted-model.ts';
import { inputBundle } from '../sandbox/input-bundle.ts';
import { freshTaskId, testSandbox } from '../sandbox/run-probe.ts';
import { keyForms } from './key-search.ts';
import { WireTap } from './wire-tap.ts';

/** Hex digits of a provider's key, made up for this run and known to this process alone. */
export const realDigits = randomBytes(20).toString('hex');
const realKey = `${keyForms.real}${realDigits}`;

export const ownerId = `model-key-${process.pid}`;

/** What one run of an agent with a broker was. */
export interface KeyRun {
  readonly verdict: SandboxVerdict;
  readonly model: ScriptedModel;
  readonly realKey: string;
  /** What the agent was given in its place. */
  readonly placeholder: string;
  /** All that the control plane sent into the sandbox. */
  readonly sent: Buffer;
  readonly events: readonly SandboxEvent[];
  readonly records: readonly object[];
}

const programs = {
  'key-search.ts': new URL('./key-search.ts', import.meta.url),
  'search-inside.ts': new URL('./search-inside.ts', import.meta.url),
};

/** Runs an agent in its image as a task is run: with a guard, and a broker that has the provider's key. */
export async function runWithKey(agent: ModelAgent, script: Script): Promise<KeyRun> {
  const model = await ScriptedModel.start({ script, key: realKey });
  const guard = new LeakGuard();
  const tap = new WireTap(await testSandbox());
  const events: SandboxEvent[] = [];
  const records: object[] = [];
  const broker = openBroker(
    { egress: egressTo(), clock: systemClock },
    {
      policy: policyFor(agent, model.url),
      modelKey: guard.modelKey,
      bodyWatch: () => guard.watchBody(),
      onRecord: async (record) => void records.push(record),
    },
  );
  const { api, model: modelName } = dialects[agent];
  const taskId = freshTaskId();
  const input = { ...taskOf({ agent, api, modelName, model, key: '' }), taskId };
  const files = Object.fromEntries(
    Object.entries(programs).map(([name, file]) => [name, readFileSync(file, 'utf8')]),
  );
  try {
    const verdict = await runSandbox(
      { sandbox: tap, clock: systemClock },
      {
        taskId,
        ownerId,
        image: await agentImage(agent),
        runtime: 'runc',
        limits: agentLimits,
        bundle: () => inputBundle(input, files, { prompt: plainPrompt }),
        canary: guard.canary,
        modelKey: guard.modelKey,
        budget: broker.modelBudget(),
        broker: guard.watch(broker),
        onEvent: (event) => {
          guard.checkEvent(event);
          events.push(event);
        },
        signal: new AbortController().signal,
      },
    );
    return {
      verdict,
      model,
      realKey,
      placeholder: guard.modelKey,
      sent: tap.sent,
      events,
      records,
    };
  } finally {
    await model.close();
  }
}

function egressTo() {
  return {
    resolver: new FakeResolver({}),
    dialer: new LoopbackDialer(),
    credentials: new Map([['key', () => realKey]]),
    prices: { version: 1, asOf: '2026-01-01', models: {} },
  } as const;
}

function policyFor(agent: ModelAgent, upstream: string): EgressPolicy {
  const { api, model } = dialects[agent];
  const route = {
    id: modelLabel,
    kind: api,
    authority: `${modelLabel}.model.sallyport.internal`,
    upstream,
    credential: { name: 'key', header: 'x-api-key' },
    paths: ['/v1/messages'],
    models: [model],
    unpriced: 'allow',
    limits: { tokens: 1_000_000, costMicroUsd: 1 },
  };
  const limits = {
    networkBytes: 256 * 1024 * 1024,
    requests: 200,
    connections: 100,
    concurrent: 8,
    headerBytes: 12_288,
    bodyBytes: 64 * 1024 * 1024,
  };
  return EgressPolicy.parse({ modelRoutes: [route], allowAddresses: ['127.0.0.0/8'], limits });
}
