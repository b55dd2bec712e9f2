import type { EgressRecord } from '../../../src/broker/egress-record.ts';
import { ModelMeters } from '../../../src/broker/model-meters.ts';
import { openBroker, type RunBroker } from '../../../src/dispatch/open-broker.ts';
import type { ModelApi } from '../../../src/domain/model-api.ts';
import { EgressPolicy } from '../../../src/policy/egress-policy.ts';
import { systemClock } from '../../../src/system-clock.ts';
import { FakeResolver, LoopbackDialer } from '../broker/loopback-dialer.ts';
import { type BenchOrder, modelLabel } from './agent-bench.ts';

/** What the agent gives for a key; the broker puts the provider's in its place. */
export const taskKey = 'the-word-of-this-run';

/** As a maintainer opens a provider for an agent: its one path, and its header for the key. */
const routes = {
  'anthropic-messages': { path: '/v1/messages', header: 'x-api-key' },
  'openai-responses': { path: '/v1/responses', header: 'authorization-bearer' },
  'openai-chat': { path: '/v1/chat/completions', header: 'authorization-bearer' },
} as const satisfies Readonly<Record<ModelApi, object>>;

/** Those of policies/with-model.yml. */
const limits = {
  networkBytes: 256 * 1024 * 1024,
  requests: 2_000,
  connections: 500,
  concurrent: 16,
  headerBytes: 12 * 1024,
  bodyBytes: 64 * 1024 * 1024,
};
const plenty = { tokens: 10_000_000, costMicroUsd: 1_000_000 };

/** The product's own broker, with one route: to the scripted model, on this machine's loopback. */
export class BenchBroker {
  readonly #records: EgressRecord[] = [];
  readonly #models = new ModelMeters();
  readonly #broker: RunBroker;

  constructor(order: BenchOrder) {
    this.#broker = openBroker(
      {
        egress: {
          resolver: new FakeResolver({}),
          dialer: new LoopbackDialer(),
          credentials: new Map([['scripted-key', () => order.key]]),
          prices: { version: 1, asOf: '2026-01-01', models: {} },
        },
        clock: systemClock,
      },
      {
        policy: policyOf(order),
        modelKey: taskKey,
        models: this.#models,
        onRecord: async (record) => void this.#records.push(record),
      },
    );
  }

  get onEgress(): RunBroker['onEgress'] {
    return this.#broker.onEgress;
  }

  get chargedTokens(): number {
    return this.#models.used().tokens;
  }

  /** Ends what is under way. Returns what was denied, as `METHOD host path: reason`. A ceiling of models denies nothing. */
  async close(): Promise<readonly string[]> {
    await this.#broker.close();
    const ceiling = this.#broker.modelLimit();
    return this.#records.flatMap((record) =>
      record.type === 'egress.denied' && record.reason !== ceiling
        ? [`${record.method} ${record.host} ${record.path}: ${record.reason}`]
        : [],
    );
  }
}

function policyOf({ api, model, modelName, ceiling }: BenchOrder): EgressPolicy {
  const { path, header } = routes[api];
  const requests = ceiling === undefined ? {} : { requests: ceiling.requests };
  return EgressPolicy.parse({
    allowAddresses: ['127.0.0.0/8'],
    limits,
    modelRoutes: [
      {
        id: modelLabel,
        kind: api,
        authority: `${modelLabel}.model.sallyport.internal`,
        upstream: model.url,
        credential: { name: 'scripted-key', header },
        paths: [path],
        models: [modelName],
        limits: { ...plenty, ...requests },
        unpriced: 'allow',
      },
    ],
  });
}
