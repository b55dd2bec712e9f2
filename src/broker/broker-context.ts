import type { EgressPolicy } from '../policy/egress-policy.ts';
import type { PriceTable } from '../policy/price-table.ts';
import type { Clock } from '../ports/clock.ts';
import type { Credentials } from '../ports/credentials.ts';
import type { Dialer, Resolver } from '../ports/network.ts';
import type { AddressGuard } from './address-check.ts';
import type { EgressRecord } from './egress-record.ts';
import type { EgressMeters } from './meters.ts';
import type { ModelMeters } from './model-meters.ts';
import type { Timeouts } from './timeouts.ts';

/** Looks at one body, piece by piece. True: this piece holds what must not go out. */
export type BodyWatch = () => (piece: Uint8Array) => boolean;

/** What every exchange of one task works with. */
export interface BrokerContext {
  readonly policy: EgressPolicy;
  readonly guard: AddressGuard;
  readonly resolver: Resolver;
  readonly dialer: Dialer;
  readonly credentials: Credentials;
  readonly prices: PriceTable;
  readonly record: (record: EgressRecord) => Promise<void>;
  /** These two are shared by all sandboxes of the task. */
  readonly meters: EgressMeters;
  readonly models: ModelMeters;
  /** What this run's agent gives for a key where it asks a model. */
  readonly modelKey: string;
  readonly clock: Clock;
  readonly timeouts: Timeouts;
  /** Makes a look at one request's body; it says of each piece, before it goes out, whether it must not. */
  readonly bodyWatch?: BodyWatch | undefined;
  /** Aborts, with the reason by name, when all egress of the task is over. */
  readonly ended: AbortSignal;
}
