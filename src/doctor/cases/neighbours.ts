import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { digestOf } from '../../domain/ids.ts';
import type { RuntimeClass } from '../../ports/sandbox.ts';
import { type Facts, sentinelMark } from '../../protocol/containment.ts';
import { broken, held, type Verdict } from '../attack-case.ts';
import type { Bench } from '../bench.ts';
import type { ControlPlaneCase } from '../control-plane-case.ts';
import { readFacts } from '../read-facts.ts';
import { type AttemptsRun, runAttempts } from '../run-attempts.ts';

const hosting = 'probe.neighbour-host';
const visiting = 'probe.neighbour-visit';
/** A neighbour that does not come up in this time will not. */
const readyMs = 120_000;
const patience = { agentMs: 590_000, limits: { wallClockMs: 600_000 } };

const Hosting = z.object({ visits: z.number(), port: z.number().min(1), shared: z.string() });

/** Two tasks at one time on one engine: one has ports, sockets, shared memory and a process to find. */
async function judgeNeighbours(bench: Bench, runtime: RuntimeClass): Promise<Verdict> {
  const marker = `neighbour-${randomBytes(8).toString('hex')}`;
  const abstractSocket = `neighbour-${randomBytes(8).toString('hex')}`;
  const [ready, over] = [Promise.withResolvers<Facts>(), new AbortController()];
  const beside = { ...bench, ownerId: `${bench.ownerId}-neighbour` };
  const host = runAttempts(beside, runtime, {
    attempts: [hosting],
    setup: { ...patience, order: { marker, abstractSocket } },
    signal: over.signal,
    onEvent: (event, nonce) => {
      const facts = readFacts([event], nonce).get(hosting)?.facts;
      if (facts?.['port'] !== undefined) ready.resolve(facts);
    },
  });
  try {
    const facts = await Promise.race([ready.promise, host.then(() => undefined), late(bench)]);
    const place = Hosting.safeParse(facts);
    if (!place.success) return broken('the neighbour did not come up');
    const tcp = [{ host: '127.0.0.1', port: place.data.port }];
    const visit = await runAttempts(bench, runtime, {
      attempts: [visiting],
      setup: { ...patience, order: { marker, abstractSocket, tcp } },
    });
    over.abort(new Error('the visit is over'));
    return judgeVisit(visit, await host);
  } finally {
    over.abort(new Error('the visit is over'));
    await host.catch(() => undefined);
  }
}

async function late({ clock }: Bench): Promise<undefined> {
  await clock.after(readyMs);
  return undefined;
}

/** What a visitor is answered who finds nobody. */
const nobody = /^(ECONNREFUSED|ENOENT|EACCES|EPERM|ENOSYS|none)$/;
const mostFacts = 5;

function judgeVisit(visit: AttemptsRun, host: AttemptsRun): Verdict {
  const { visits } = Hosting.parse(host.told.get(hosting)?.facts);
  if (visits > 0) return broken(`${visits} reached the other task`);
  const told = visit.told.get(visiting);
  const answers = z.record(z.string(), z.string()).safeParse(told?.facts['answers']);
  if (!answers.success || Object.keys(answers.data).length < mostFacts)
    return broken('the visit was not made');
  const found = Object.entries(answers.data).filter(([, answer]) => !nobody.test(answer));
  if (found.length > 0) return broken(found.map((pair) => pair.join(': ')).join(', '));
  const traces = [...visit.traces, ...host.traces];
  if (traces.length > 0) return broken(`left behind: ${traces.join(', ')}`);
  return held(`${Object.values(answers.data).join(', ')}; nobody came to the other task`);
}

const Left = z.object({ left: z.array(z.string()).min(mostFacts), shared: z.string() });
const Found = z.object({ found: z.array(z.string()), files: z.number(), shared: z.string() });

/** A task leaves a word wherever it can; the next one of the same runner looks for it. */
async function judgeNextTask(bench: Bench, runtime: RuntimeClass): Promise<Verdict> {
  const marker = `${sentinelMark.join('-')}-${randomBytes(16).toString('hex')}`;
  const first = await runAttempts(bench, runtime, {
    attempts: ['probe.leave'],
    setup: { order: { marker } },
  });
  const left = Left.safeParse(first.told.get('probe.leave')?.facts);
  if (!left.success) return broken('the first task left nothing');
  const second = await runAttempts(bench, runtime, {
    attempts: ['probe.find'],
    setup: { order: { marker: null, sentinelDigest: digestOf(marker) } },
  });
  const found = Found.safeParse(second.told.get('probe.find')?.facts);
  if (!found.success) return broken('the second task did not look');
  const places = [
    ...found.data.found,
    ...(found.data.shared.startsWith('read ') ? ['shared memory'] : []),
  ];
  if (places.length > 0) return broken(`found in ${places.slice(0, mostFacts).join(', ')}`);
  const traces = [...first.traces, ...second.traces];
  if (traces.length > 0) return broken(`left behind: ${traces.join(', ')}`);
  return held(
    `left in ${left.data.left.length} folders; not in ${found.data.files} files of the next`,
  );
}

/** What one task can have of another. */
export const neighbourCases: readonly ControlPlaneCase[] = [
  ['network.neighbour', 'reach a task that runs at the same time', judgeNeighbours] as const,
  ['residue.next-task', 'leave something for the next task', judgeNextTask] as const,
].map(([id, title, run]) => ({ kind: 'control-plane', id, title, run }));
