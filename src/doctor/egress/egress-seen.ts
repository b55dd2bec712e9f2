import type { EgressRecord } from '../../broker/egress-record.ts';
import type { EgressLimit } from '../../broker/meters.ts';
import type { Visit } from './upstreams.ts';

/** Where things stand that a case speaks of. Ports are the system's choice. */
export interface Places {
  /** Of a web server on `127.0.0.1`, which policy opens, and of one on `127.0.0.2`, which nothing opens. */
  readonly webPort: number;
  /** Of a listener on `127.0.0.1` that takes any bytes. */
  readonly rawPort: number;
  /** Stands for a model's key of the operator's; the upstream may see it, the sandbox never. */
  readonly operatorKey: string;
}

/** What the control plane saw of one run's egress; the sandbox's word is not in it. */
export interface EgressSeen {
  readonly places: Places;
  /** The broker's decisions, in their order. */
  readonly records: readonly EgressRecord[];
  /** Names that the resolver was asked for, in their order, repeats included. */
  readonly asked: readonly string[];
  /** `address:port` that the broker went to; only loopback was let happen. */
  readonly dialled: readonly string[];
  /** What arrived at the listeners. */
  readonly visits: readonly Visit[];
  /** Most connections that were open to the listeners at one time. */
  readonly mostOpen: number;
  /** The ceiling that ended the task, if one did. */
  readonly limit: EgressLimit | undefined;
}

/** Nothing was tried, nothing was seen. */
export const nothingSeen: EgressSeen = {
  places: { webPort: 0, rawPort: 0, operatorKey: '' },
  records: [],
  asked: [],
  dialled: [],
  visits: [],
  mostOpen: 0,
  limit: undefined,
};
