import { describe, expect, it } from 'vitest';
import type { Observed } from '../../../src/doctor/attack-case.ts';
import { attackLimits } from '../../../src/doctor/attack-limits.ts';
import { type AttackCase, allCases } from '../../../src/doctor/cases/all-cases.ts';
import { nothingSeen } from '../../../src/doctor/egress/egress-seen.ts';
import { judgeAnswers } from '../../../src/doctor/judge-answers.ts';
import { scoreLine, summaryLine } from '../../../src/doctor/print-scoreboard.ts';
import { nothingTold, readFacts } from '../../../src/doctor/read-facts.ts';
import { groupsOf } from '../../../src/doctor/run-suite.ts';
import { peakOf } from '../../../src/doctor/watch-usage.ts';
import type { SandboxEvent } from '../../../src/protocol/event.ts';
import { attempts } from '../../../workers/agents/containment/attempts.ts';

const cases = allCases(() => '');
const nothing: Observed = {
  runtime: 'runc',
  limits: attackLimits,
  facts: {},
  isDone: true,
  exit: { exitCode: 0, oomKilled: false },
  events: [],
  peak: { looks: 0, pids: 0, mostPids: 0, memoryBytes: 0, cpus: 0, writtenBytes: 0 },
  visits: 0,
  egress: nothingSeen,
  isMarked: false,
  runMs: 1,
};

const told = (answers: Record<string, string>, runtime: 'runc' | 'runsc' = 'runc'): Observed => ({
  ...nothing,
  runtime,
  facts: { answers },
});
const log = (text: string, stream: 'stdout' | 'stderr' = 'stdout'): SandboxEvent => ({
  type: 'log',
  stream,
  text,
});

describe('the containment suite', () => {
  it('has over forty cases, each under one name, each with an attempt in the image', () => {
    const ids = cases.map(({ id }) => id);
    expect(ids.length).toBeGreaterThan(40);
    expect(new Set(ids).size).toBe(ids.length);
    // What speaks to the proxy is told its bytes: one attempt of the image for all of them.
    const made = cases.filter((one) => one.kind === 'sandbox' && one.says === undefined);
    const wanted = made.map(({ id }) => id);
    const tried = attempts.map(({ id }) => id).filter((id) => !id.startsWith('probe.'));
    expect(tried.toSorted()).toEqual(wanted.toSorted());
  });

  const judged = cases.filter((one) => one.kind === 'sandbox').map((one) => [one.id, one] as const);
  it.each(judged)('%s is never held by silence', (_id, one) => {
    for (const runtime of ['runc', 'runsc'] as const)
      expect(one.judge({ ...nothing, runtime }).held).toBe(false);
  });
});

describe('the judgement on answers', () => {
  const refusals = { codes: ['EPERM'], guestGrants: ['unshare'], atLeast: 2 };

  it.each<[string, Observed, boolean]>([
    ['all refused', told({ mount: 'EPERM', bpf: 'EPERM' }), true],
    ['one granted', told({ mount: 'EPERM', bpf: 'granted' }), false],
    [
      'another error, which means that the filter let it through',
      told({ mount: 'EPERM', bpf: 'EFAULT' }),
      false,
    ],
    ['a killed caller', told({ mount: 'EPERM', bpf: 'status 31' }), false],
    ['too few answers', told({ mount: 'EPERM' }), false],
    ['no answers', told({}), false],
    ['a guest grant without a guest', told({ mount: 'EPERM', unshare: 'granted' }), false],
    ['a guest grant in gVisor', told({ mount: 'EPERM', unshare: 'granted' }, 'runsc'), true],
    ['another grant in gVisor', told({ mount: 'granted', unshare: 'granted' }, 'runsc'), false],
    ['any error in gVisor', told({ mount: 'ENOSYS', unshare: 'ENOTSUP' }, 'runsc'), true],
    [
      'a word that only begins like an error',
      told({ mount: 'Egranted', unshare: 'EPERM' }, 'runsc'),
      false,
    ],
  ])('%s', (_what, observed, held) => {
    expect(judgeAnswers(observed, refusals).held).toBe(held);
  });
});

describe('facts from a sandbox', () => {
  const line = (part: object) =>
    JSON.stringify({
      nonce: 'right',
      attempt: 'escape.bpf',
      facts: { a: 1 },
      isDone: true,
      ...part,
    });

  it('are merged, and done when one line says so', () => {
    const events = [log(line({ isDone: false })), log(line({ facts: { b: 2 } }))];
    expect(readFacts(events, 'right').get('escape.bpf')).toEqual({
      facts: { a: 1, b: 2 },
      isDone: true,
    });
  });

  it.each<[string, SandboxEvent]>([
    ['another nonce', log(line({ nonce: 'wrong' }))],
    ['stderr', log(line({}), 'stderr')],
    ['progress', { type: 'progress', text: line({}) }],
    ['another shape', log(line({ verdict: 'held' }))],
    ['half a line', log(line({}).slice(0, -5))],
    ['plain text', log('held')],
  ])('are not taken from %s', (_what, event) => {
    expect(readFacts([event], 'right').size).toBe(0);
    expect(nothingTold.isDone).toBe(false);
  });
});

describe('the order of the suite', () => {
  const one = (id: string, isQuiet: boolean) =>
    ({ kind: 'sandbox', id, isQuiet, setup: {} }) as AttackCase;

  it('lets only quiet neighbours share a sandbox', () => {
    const host = { kind: 'control-plane', id: 'c' } as AttackCase;
    const all = [
      one('a', true),
      one('b', true),
      one('c', false),
      one('d', true),
      host,
      one('e', true),
    ];
    expect(groupsOf(all).map((group) => group.map(({ id }) => id))).toEqual([
      ['a', 'b'],
      ['c'],
      ['d'],
      ['c'],
      ['e'],
    ]);
  });
});

describe('the use of a container', () => {
  const usage = (atMs: number, cpuMs: number) => ({
    pids: 3,
    mostPids: 64,
    memoryBytes: cpuMs,
    cpuMs,
    atMs,
  });

  it('is the most that was seen, and processor time over time', () => {
    expect(peakOf([usage(0, 100), usage(2_000, 1_100), usage(1_000, 600)])).toMatchObject({
      looks: 3,
      pids: 3,
      memoryBytes: 1_100,
      cpus: 0.5,
    });
  });

  it('is unknown without looks, and without time between them', () => {
    expect(peakOf([])).toEqual({ looks: 0, pids: 0, mostPids: 0, memoryBytes: 0, cpus: 0 });
    expect(peakOf([usage(0, 0), usage(100, 100)]).cpus).toBe(0);
  });
});

describe('the scoreboard', () => {
  const score = {
    id: 'a.b',
    title: 'try',
    held: false,
    evidence: 'x\u001b[2J\u202e\ny',
    ms: 1_234,
  };

  it('does not let evidence drive a terminal', () => {
    const line = scoreLine(score);
    expect(line).toMatch(/^BROKEN +1\.2 s/);
    expect(line).not.toMatch(/[\p{Cc}\u202e]/u);
  });

  it.each([
    [0, 'the containment held'],
    [1, 'THE CONTAINMENT IS BROKEN'],
  ])('says in the end what %i broken cases mean', (broken, words) => {
    const board = { runtime: 'runc', image: 'sha256:x', cases: [], held: 2, broken } as const;
    expect(summaryLine(board)).toContain(words);
  });
});
