import { join } from 'node:path';
import { SocketDialer } from '../../src/adapters/net/socket-dialer.ts';
import { openSqliteStore, type SqlStore } from '../../src/adapters/sql/open-sqlite-store.ts';
import { openBroker, type RunBroker } from '../../src/dispatch/open-broker.ts';
import { recordEgress } from '../../src/dispatch/record-egress.ts';
import { EgressPolicy } from '../../src/policy/egress-policy.ts';
import { systemClock } from '../../src/system-clock.ts';
import type { Comparison, OpenComparison } from '../comparison.ts';
import type { RequestsOrder, RequestsTold } from './agent/orders.ts';
import { type HostServer, requestFromHost, startServer } from './host-process.ts';
import type { Place } from './place.ts';
import { freshTaskId, runOrder } from './run-order.ts';

const host = 'upstream.example';
/** Where the supervisor's proxy listens in a sandbox. */
const sandboxProxyPort = 3128;

type Asked = Pick<RequestsOrder, 'count' | 'connections'> & { readonly bytes: number };

/** What one brokered request takes longer than the same without anything in between. */
export function brokeredLatency(place: Place): Promise<OpenComparison> {
  return openRequests(place, {
    comparison: {
      name: 'broker-latency',
      title:
        'a GET of 1 kB on a kept connection, one at a time, each decision in the ledger on disk',
      baseline: 'the same client on the host, straight to the same server',
      unit: 'ms',
      target: { kind: 'added', atMost: 1.5 },
      rounds: 9,
    },
    asked: { count: 400, connections: 1, bytes: 1_000 },
    numberOf: ({ medianMs }) => medianMs,
    isStraight: true,
  });
}

/** Requests a second, against a proxy that only passes on. */
export function brokeredRequests(place: Place): Promise<OpenComparison> {
  return openRequests(place, {
    comparison: {
      name: 'broker-requests',
      title: 'GETs of 1 kB on 8 kept connections, each decision in the ledger on disk',
      baseline: "the same client on the host through Node's own plain HTTP proxy",
      unit: 'requests/s',
      target: { kind: 'ratio', atLeast: 0.6 },
      rounds: 7,
    },
    asked: { count: 1_600, connections: 8, bytes: 1_000 },
    numberOf: ({ requestsPerSecond }) => requestsPerSecond,
    isStraight: false,
  });
}

/** Bytes a second, against a proxy that only passes on. */
export function brokeredBytes(place: Place): Promise<OpenComparison> {
  return openRequests(place, {
    comparison: {
      name: 'broker-bytes',
      title: 'GETs of 16 MB on 4 kept connections',
      baseline: "the same client on the host through Node's own plain HTTP proxy",
      unit: 'MB/s',
      target: { kind: 'ratio', atLeast: 0.6 },
      rounds: 7,
    },
    asked: { count: 24, connections: 4, bytes: 16_000_000 },
    numberOf: ({ megabytesPerSecond }) => megabytesPerSecond,
    isStraight: false,
  });
}

interface Requests {
  readonly comparison: Comparison;
  readonly asked: Asked;
  readonly numberOf: (told: RequestsTold) => number;
  /** Is the baseline without a proxy? */
  readonly isStraight: boolean;
}

async function openRequests(place: Place, requests: Requests): Promise<OpenComparison> {
  const { comparison, asked, numberOf, isStraight } = requests;
  const { bytes, ...rest } = asked;
  const upstream = await startServer('upstream-server.ts');
  const proxy = isStraight ? undefined : await startServer('plain-proxy.ts');
  const file = join(place.folder, `${comparison.name}.sqlite`);
  const store = await openSqliteStore({ file, clock: systemClock });
  const order = (name: string, proxyPort: number | null): RequestsOrder => ({
    ...rest,
    kind: 'requests',
    url: `http://${name}:${upstream.port}/${bytes}`,
    proxyPort,
  });
  return {
    ...comparison,
    measure: async () => {
      const broker = brokerTo(upstream, store);
      const { told } = await runOrder(place, { order: order(host, sandboxProxyPort), broker });
      return { value: numberOf(told as RequestsTold) };
    },
    measureBaseline: async () => {
      const told = await requestFromHost(order('127.0.0.1', proxy?.port ?? null));
      return { value: numberOf(told) };
    },
    close: async () => {
      await store.close();
      await Promise.all([upstream.close(), proxy?.close()]);
    },
  };
}

/** A runner's broker: the real dialer and ledger. Only the name is known beforehand; no DNS is asked. */
function brokerTo({ port }: HostServer, store: SqlStore): RunBroker {
  const task = { id: freshTaskId(), attempt: 1, stage: 'agent' } as const;
  const policy = EgressPolicy.parse({
    rules: [{ id: 'upstream', host, port, methods: ['GET'], paths: ['/**'] }],
    allowAddresses: ['127.0.0.0/8'],
    limits: {
      networkBytes: 2 ** 40,
      requests: 100_000,
      connections: 100_000,
      concurrent: 32,
      headerBytes: 12_288,
      bodyBytes: 2 ** 30,
    },
  });
  const egress = {
    resolver: { resolve: () => Promise.resolve([{ address: '127.0.0.1', family: 4 } as const]) },
    dialer: new SocketDialer(),
    credentials: new Map<string, never>(),
    prices: { version: 1, asOf: '2026-01-01', models: {} } as const,
  };
  const onRecord = recordEgress.bind(undefined, store.ledger, task);
  return openBroker({ egress, clock: systemClock }, { policy, modelKey: 'none', onRecord });
}
