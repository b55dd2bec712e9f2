import { setMaxListeners } from 'node:events';
import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import type { EgressPolicy } from '../policy/egress-policy.ts';
import type { PriceTable } from '../policy/price-table.ts';
import type { Clock } from '../ports/clock.ts';
import type { Credentials } from '../ports/credentials.ts';
import type { Dialer, Resolver } from '../ports/network.ts';
import { AddressGuard } from './address-check.ts';
import { answerRequest } from './answer-request.ts';
import type { BodyWatch } from './broker-context.ts';
import type { EgressRecord } from './egress-record.ts';
import { type EgressLimit, EgressMeters, type EgressUsage } from './meters.ts';
import { ModelMeters } from './model-meters.ts';
import { defaultTimeouts, type Timeouts } from './timeouts.ts';

/** What the broker of one task is made of. */
export interface BrokerOptions {
  readonly policy: EgressPolicy;
  readonly resolver: Resolver;
  readonly dialer: Dialer;
  /** Secrets by the names that rules and routes use. */
  readonly credentials: Credentials;
  readonly prices: PriceTable;
  /**
   * Takes each decision; awaited before anything goes out, so that nothing unrecorded does.
   * When it rejects, the request is denied and so is every later one.
   */
  readonly record: (record: EgressRecord) => Promise<void>;
  /** Told once, at the first ceiling that ends the sandbox; of one that `meters` reached before, at once. All is denied from then on. */
  readonly onLimit: (limit: EgressLimit) => void;
  /** What the task uses of the network; its own and unshared unless told. */
  readonly meters?: EgressMeters | undefined;
  /** What the task uses of models; its own and unshared unless told. A ceiling of it ends no run. */
  readonly models?: ModelMeters | undefined;
  /** What the agent gives for a key where it asks a model. No other word opens a model route. */
  readonly modelKey: string;
  readonly clock: Clock;
  /** Looks at what requests carry out; an exchange that would carry out what must stay ends as `leak`. */
  readonly bodyWatch?: BodyWatch | undefined;
  /** Ends every exchange. */
  readonly signal: AbortSignal;
  readonly timeouts?: Partial<Timeouts>;
}

/** The one way out of a sandbox. */
export interface Broker {
  /** Answers one foreign request; fits `WireTask.onEgress`. Never throws. */
  readonly onEgress: (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void;
  usage(): EgressUsage;
  /** Resolves when no exchange is under way and each has its last record. */
  idle(): Promise<void>;
}

/** The broker of one task. What no rule or route of the policy takes is denied. */
export function createBroker(options: BrokerOptions): Broker {
  const stop = new AbortController();
  // One listener for an exchange, and as many exchanges as the wire has streams.
  setMaxListeners(0, stop.signal);
  const end = (reason: string): void => stop.abort(reason);
  const meters = options.meters ?? new EgressMeters(options.policy.limits);
  meters.listen((limit) => {
    end(limit);
    options.onLimit(limit);
  });
  const { allowAddresses: allow, refuseAddresses: refuse } = options.policy;
  const context = {
    ...options,
    meters,
    models: options.models ?? new ModelMeters(),
    guard: new AddressGuard({ allow, refuse }),
    timeouts: { ...defaultTimeouts, ...options.timeouts },
    ended: stop.signal,
    record: (record: EgressRecord) => recordOrEnd(options, record, end),
  };
  const abort = (): void => end('stopped');
  if (options.signal.aborted) abort();
  else options.signal.addEventListener('abort', abort, { once: true });
  const underWay = new Set<Promise<void>>();
  let exchanges = 0;
  return {
    onEgress: (stream, headers) => {
      exchanges += 1;
      const work = answerRequest(context, { stream, headers, exchange: exchanges });
      underWay.add(work);
      void work.finally(() => underWay.delete(work));
    },
    usage: () => meters.usage(),
    idle: async () => {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}

/** A decision that cannot be recorded ends all egress: the ledger is not optional. */
async function recordOrEnd(
  options: BrokerOptions,
  record: EgressRecord,
  end: (reason: string) => void,
): Promise<void> {
  try {
    await options.record(record);
  } catch (error) {
    end('record-failed');
    throw error;
  }
}
