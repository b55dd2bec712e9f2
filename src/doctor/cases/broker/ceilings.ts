import type { EgressLimit } from '../../../broker/meters.ts';
import type { Timeouts } from '../../../broker/timeouts.ts';
import {
  broken,
  held,
  type Observed,
  type SandboxCase,
  type Setup,
  type Verdict,
} from '../../attack-case.ts';
import { brokerCase, suitePolicy, suiteSetup } from './broker-case.ts';
import { deniedOf, visitsOf } from './judge-egress.ts';
import { ask, requestTo, tunnel } from './say.ts';

const kibibyte = 1024;
const most = { requests: 20, connections: 10, networkBytes: 1024 * kibibyte, concurrent: 4 };

function under(limits: object, timeouts?: Partial<Timeouts>): Setup {
  const egress = suiteSetup.egress;
  if (egress === undefined) throw new Error('the suite has a broker');
  const policy: typeof egress.policy = (places) =>
    suitePolicy(places, { methods: ['GET', 'POST'], limits });
  return {
    ...suiteSetup,
    egress: { ...egress, policy, ...(timeouts === undefined ? {} : { timeouts }) },
  };
}

/** The task was ended at this ceiling, and no more than it allows has arrived. */
function judgeCeiling(
  limit: EgressLimit,
  arrived: (observed: Observed) => readonly [number, number],
) {
  return (observed: Observed): Verdict => {
    const [count, allowed] = arrived(observed);
    if (count > allowed) return broken(`${count} arrived, ${allowed} allowed`);
    if (observed.egress.limit !== limit)
      return broken(`the task was not ended by ${limit}; ${count} arrived`);
    if (observed.result !== undefined) return broken('a result was taken all the same');
    return held(`${limit} ended the task; ${count} arrived`);
  };
}

/** Slow peers are ended soon, so that the suite need not wait as long as a task would. */
const slow = under({ concurrent: most.concurrent }, { idleMs: 1_000, helloMs: 1_000 });
const sockets = 40;
const unfinished = (webPort: number, word: string): string =>
  `${requestTo(`http://slow.web.example:${webPort}/open/${word}`, {
    method: 'POST',
    headers: ['Content-Length: 1000'],
  })}x`;

function judgeEnded(type: string, name: string, host: string) {
  return ({ egress }: Observed): Verdict => {
    const ended = egress.records.filter(
      (record) =>
        record.type === type &&
        record.host === host &&
        ('reason' in record ? record.reason : 'ending' in record && record.ending) === name,
    );
    return ended.length === 0
      ? broken(`nothing was ended by ${name}`)
      : held(`${ended.length} ended by name: ${name}`);
  };
}

function judgeSockets({ egress }: Observed): Verdict {
  const { mostOpen } = egress;
  if (mostOpen > most.concurrent)
    return broken(`${mostOpen} connections at one time, ${most.concurrent} allowed`);
  const full = deniedOf(egress).filter(({ reason }) => reason === 'too-many-at-once').length;
  if (full === 0) return broken('none was turned away');
  return held(`at most ${mostOpen} of ${sockets} at one time; ${full} on record: too-many-at-once`);
}

/** Ways to use more of the network, or of the broker, than was given. */
export const brokerCeilingCases: readonly SandboxCase[] = [
  brokerCase('broker.slow-hello', 'open a tunnel and say nothing', {
    setup: slow,
    says: ({ rawPort }) => [tunnel(`slow.tunnel.example:${rawPort}`)],
    judge: judgeEnded('egress.denied', 'tls-timeout', 'slow.tunnel.example'),
  }),
  brokerCase('broker.slow-body', 'begin a request and never end it', {
    setup: slow,
    says: ({ webPort }) => [{ port: 3128, pieces: [unfinished(webPort, 'slow')] }],
    judge: judgeEnded('egress.closed', 'idle', 'slow.web.example'),
  }),
  brokerCase('broker.many-sockets', 'hold many connections open', {
    setup: slow,
    says: ({ webPort }) => [
      { port: 3128, pieces: [unfinished(webPort, 'many')], times: sockets, isTogether: true },
    ],
    judge: judgeSockets,
  }),
  brokerCase('broker.request-flood', 'ask without end', {
    setup: under({ requests: most.requests }),
    isLoud: true,
    says: ({ webPort }) => [
      { ...ask(`http://denied.example:${webPort}/open/flood`), times: 3 * most.requests },
    ],
    judge: judgeCeiling('limit:requests', ({ egress }) => [
      deniedOf(egress).length,
      most.requests + 1,
    ]),
  }),
  brokerCase('broker.connection-flood', 'make connections without end', {
    setup: under({ connections: most.connections }),
    isLoud: true,
    says: ({ webPort }) => [
      { ...ask(`http://flood.web.example:${webPort}/open/flood`), times: 3 * most.connections },
    ],
    judge: judgeCeiling('limit:connections', ({ egress }) => [
      visitsOf(egress, 'open/flood').length,
      most.connections,
    ]),
  }),
  brokerCase('broker.byte-flood', 'send bytes without end', {
    setup: under({ networkBytes: most.networkBytes }),
    isLoud: true,
    says: ({ webPort }) => [
      {
        ...ask(`http://flood.web.example:${webPort}/open/flood`, {
          method: 'POST',
          body: 'x'.repeat(256 * kibibyte),
        }),
        times: 12,
      },
    ],
    judge: judgeCeiling('limit:network-bytes', ({ egress }) => [
      visitsOf(egress, 'open/flood').reduce((sum, { bytes }) => sum + bytes, 0),
      most.networkBytes,
    ]),
  }),
];
