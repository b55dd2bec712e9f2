import type { BodyWatch } from '../broker/broker-context.ts';
import { type Broker, createBroker } from '../broker/create-broker.ts';
import type { EgressRecord } from '../broker/egress-record.ts';
import type { EgressLimit, EgressMeters } from '../broker/meters.ts';
import { ModelMeters } from '../broker/model-meters.ts';
import type { EgressPolicy } from '../policy/egress-policy.ts';
import type { PriceTable } from '../policy/price-table.ts';
import type { Clock } from '../ports/clock.ts';
import type { Credentials } from '../ports/credentials.ts';
import type { Dialer, Resolver } from '../ports/network.ts';
import type { ModelBudget } from '../protocol/model-budget.ts';
import type { ModelLimit } from '../protocol/usage.ts';

/** What every broker of a runner goes out with. */
export interface EgressPorts {
  readonly resolver: Resolver;
  readonly dialer: Dialer;
  /** Secrets by the names that rules and routes use. */
  readonly credentials: Credentials;
  readonly prices: PriceTable;
}

/** What one run may reach, and who is told. */
export interface RunEgress {
  readonly policy: EgressPolicy;
  /** Awaited before anything goes out; a rejection ends the run with that error. */
  readonly onRecord: (record: EgressRecord) => Promise<void>;
  /** What the agent gives for a key where it asks a model. */
  readonly modelKey: string;
  /** What the task uses of the network, shared by its stages; its own and nobody else's unless told. */
  readonly network?: EgressMeters | undefined;
  /** What the task uses of models, shared by its stages; its own and nobody else's unless told. */
  readonly models?: ModelMeters | undefined;
  /** Looks at the bodies of requests before they go out. */
  readonly bodyWatch?: BodyWatch;
}

/** One run's broker, and what it ends the run with. */
export interface RunBroker extends Pick<Broker, 'onEgress'> {
  /** Aborts when a ceiling of the task is reached, or a decision could not be recorded. */
  readonly ended: AbortSignal;
  /** The ceiling that was reached, if one was. */
  limit(): EgressLimit | undefined;
  /** The ceiling of models that was reached, if one was: it ends no run. */
  modelLimit(): ModelLimit | undefined;
  /** What is left of models, for the agent to know. */
  modelBudget(): ModelBudget;
  /** Ends what is under way. Resolves when all of it is recorded. @throws what `onRecord` failed with */
  close(): Promise<void>;
}

/** Opens the broker of one run; nobody reaches anything before `onEgress` is given to the wire. */
export function openBroker(
  { egress, clock }: { readonly egress: EgressPorts; readonly clock: Clock },
  { policy, onRecord, bodyWatch, modelKey, network, models = new ModelMeters() }: RunEgress,
): RunBroker {
  const ended = new AbortController();
  const closed = new AbortController();
  let limit: EgressLimit | undefined;
  let fault: { readonly error: unknown } | undefined;
  const broker = createBroker({
    ...egress,
    clock,
    policy,
    meters: network,
    models,
    modelKey,
    bodyWatch,
    signal: closed.signal,
    record: async (record) => {
      try {
        await onRecord(record);
      } catch (error) {
        fault ??= { error };
        ended.abort(error);
        throw error;
      }
    },
    onLimit: (reached) => {
      limit = reached;
      ended.abort(reached);
    },
  });
  return {
    onEgress: broker.onEgress,
    ended: ended.signal,
    limit: () => limit,
    modelLimit: () => models.reached(),
    modelBudget: () => models.left(policy.modelRoutes),
    close: async () => {
      closed.abort();
      await broker.idle();
      if (fault !== undefined) throw fault.error;
    },
  };
}
