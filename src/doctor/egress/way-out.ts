import { randomBytes } from 'node:crypto';
import type { Broker, BrokerOptions } from '../../broker/create-broker.ts';
import type { EgressRecord } from '../../broker/egress-record.ts';
import type { EgressLimit } from '../../broker/meters.ts';
import type { Timeouts } from '../../broker/timeouts.ts';
import { EgressPolicy } from '../../policy/egress-policy.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Dialer } from '../../ports/network.ts';
import type { EgressSeen, Places } from './egress-seen.ts';
import { NotingDialer } from './noting-dialer.ts';
import { type NameTable, TableResolver } from './table-resolver.ts';
import { openUpstreams } from './upstreams.ts';

/** What a run may reach, and what names mean to it. */
export interface EgressSetup {
  readonly policy: (places: Places) => object;
  readonly names: NameTable;
  /** Where `/redirect` of the open web server leads. */
  readonly redirectTo: (webPort: number) => string;
  readonly timeouts?: Partial<Timeouts>;
}

/** The parts of a bench by which brokers are made. */
export interface EgressBench {
  readonly dialer: Dialer;
  readonly open: (options: BrokerOptions) => Broker;
}

/** One run's way out: a broker like any task's, with names and listeners of the suite's own. */
export interface WayOut extends Pick<Broker, 'onEgress'> {
  readonly places: Places;
  /** Aborts at a ceiling that ends the task. */
  readonly ended: AbortSignal;
  /** Ends what is under way and says what was seen; the same every time. */
  close(): Promise<EgressSeen>;
}

/** The name by which policies of the suite know the operator's key. */
export const operatorKeyName = 'operator';

/** What the suite's agents give for a key where they ask a model. */
export const suiteModelKey = 'suite-0123456789';

/** Lays out the listeners and opens a broker that can reach them, and nothing that is not loopback. */
export async function openWayOut(
  { dialer: inner, open }: EgressBench,
  setup: EgressSetup,
  clock: Clock,
): Promise<WayOut> {
  const upstreams = await openUpstreams(setup.redirectTo);
  const { webPort, rawPort, visits } = upstreams;
  const places = { webPort, rawPort, operatorKey: `operator-${randomBytes(16).toString('hex')}` };
  const [resolver, dialer] = [new TableResolver(setup.names), new NotingDialer(inner)];
  const records: EgressRecord[] = [];
  const [ended, closed] = [new AbortController(), new AbortController()];
  let limit: EgressLimit | undefined;
  const broker = open({
    policy: EgressPolicy.parse(setup.policy(places)),
    resolver,
    dialer,
    modelKey: suiteModelKey,
    credentials: new Map([[operatorKeyName, async () => places.operatorKey]]),
    prices: { version: 1, asOf: '2026-01-01', models: {} },
    record: async (record) => void records.push(record),
    onLimit: (reached) => {
      limit ??= reached;
      ended.abort(reached);
    },
    clock,
    signal: closed.signal,
    ...(setup.timeouts === undefined ? {} : { timeouts: setup.timeouts }),
  });
  const end = async (): Promise<EgressSeen> => {
    closed.abort();
    await broker.idle();
    await upstreams.close();
    const { asked } = resolver;
    const { dialled } = dialer;
    return { places, records, asked, dialled, visits, mostOpen: upstreams.mostOpen(), limit };
  };
  let ending: Promise<EgressSeen> | undefined;
  const close = (): Promise<EgressSeen> => {
    ending ??= end();
    return ending;
  };
  return { onEgress: broker.onEgress, places, ended: ended.signal, close };
}
