import { describe, expect, test } from 'vitest';
import type { FindingRecord } from '../../../../src/domain/finding-record.ts';
import { findingIdIn, findingMarker } from '../../../../src/report/inline/marker.ts';
import { look, threadOn } from '../../../support/report/inline-scene.ts';
import { sampleFinding } from '../../../support/report/samples.ts';

const head = 'one\ntotl\nthree\ntotl\nfive\n';
const after = 'one\ntotal\nthree\ntotl\nfive\n';
const on = (line: number, fields = {}) =>
  sampleFinding({ path: 'f', range: { startLine: line, endLine: line }, ...fields });
const files = { f: { head, after } };

/** The records of a look as the next one finds them. */
function after1(outcome = { findings: [on(2)] }) {
  return look({ files, outcome });
}

describe('the first look at a pull request', () => {
  test('says each suggestion, marked by its finding, and remembers where', () => {
    const { plan, records, forgotten } = after1();
    const [comment] = plan.comments;
    expect(comment).toMatchObject({ path: 'f', line: 2 });
    expect(findingIdIn(comment?.body ?? '')).toBe(plan.ids[0]);
    expect(plan).toMatchObject({ suggestions: 1, since: null, upkeep: [], dismissed: [] });
    expect(records).toMatchObject([{ id: plan.ids[0], state: 'open', place: 'inline' }]);
    expect(forgotten).toEqual([]);
  });

  test('planned twice is the same plan', () => {
    expect(after1()).toEqual(after1());
  });

  test.each([['comments'], ['suggestions']] as const)(
    'says nothing where the policy lets no %s out, and remembers all the same',
    (way) => {
      const { plan, records } = look({
        files,
        outcome: { findings: [on(2)] },
        outputs: { [way]: 'none' },
      });
      expect(plan.comments).toEqual([]);
      expect(records).toMatchObject([{ place: 'check' }]);
    },
  );

  test('of an outcome that was stored without marks still knows its findings', () => {
    const findings = [on(2), on(4)];
    const first = look({ files, outcome: { findings } });
    expect(new Set(first.plan.ids).size).toBe(2);
  });
});

describe('the next look', () => {
  const second = (fields = {}) =>
    look({
      cause: 'second',
      files,
      known: after1().records,
      outcome: { findings: [on(2)] },
      ...fields,
    });
  const [id] = after1().plan.ids as [string];

  test('says nothing again', () => {
    const { plan, records } = second();
    expect(plan).toMatchObject({
      ids: [id],
      comments: [],
      fileComments: [],
      upkeep: [],
      notInline: [],
    });
    expect(plan.since).toEqual({ fresh: 0, persisting: 1, fixed: 0 });
    expect(records[0]?.firstTask).not.toBe(records[0]?.lastTask);
  });

  test('says what is new beside what was there', () => {
    const twice = { f: { head, after: after.replaceAll('totl', 'total') } };
    const { plan } = second({ files: twice, outcome: { findings: [on(2), on(4)] } });
    expect(plan.comments.map(({ line }) => line)).toEqual([4]);
    expect(plan.since).toEqual({ fresh: 1, persisting: 1, fixed: 0 });
  });

  test('closes the thread of what is fixed, with a word', () => {
    const { plan, records } = second({ outcome: {}, files: {}, threads: [threadOn(id)] });
    expect(plan.upkeep).toMatchObject([{ threadId: `thread-${id}`, move: 'resolve-or-fold' }]);
    expect(plan.upkeep[0]?.body).toContain('**Fixed** in `aaaaaaa`.');
    expect(records).toMatchObject([{ id, state: 'fixed' }]);
    expect(plan.since).toEqual({ fresh: 0, persisting: 0, fixed: 1 });
  });

  test('hides no thread of what is fixed in which somebody answered', () => {
    const threads = [threadOn(id, { isAnswered: true })];
    expect(second({ outcome: {}, files: {}, threads }).plan.upkeep).toMatchObject([
      { move: 'resolve' },
    ]);
  });

  test('leaves the thread of what is fixed alone where somebody resolved it, or it is gone', () => {
    expect(
      second({ outcome: {}, files: {}, threads: [threadOn(id, { isResolved: true })] }).plan.upkeep,
    ).toEqual([]);
    expect(second({ outcome: {}, files: {}, threads: [] }).plan.upkeep).toEqual([]);
    const other = threadOn(id, { body: 'a reply to all' });
    expect(second({ outcome: {}, files: {}, threads: [other] }).plan.upkeep).toEqual([]);
  });

  test('hides a thread whose lines are gone, unless it was answered or hidden', () => {
    const upkeep = (fields: object) => second({ threads: [threadOn(id, fields)] }).plan.upkeep;
    expect(upkeep({ isOutdated: true })).toMatchObject([{ move: 'minimise', body: null }]);
    expect(upkeep({ isOutdated: true, isAnswered: true })).toEqual([]);
    expect(upkeep({ isOutdated: true, isMinimised: true })).toEqual([]);
    expect(upkeep({ isOutdated: true, isResolved: true })).toEqual([]);
    expect(upkeep({})).toEqual([]);
  });

  test('takes the word back that an earlier review left', () => {
    const body = `${findingMarker(id)}\n\n**Fixed** in \`bbbbbbb\`.\n\nwords`;
    const [upkeep] = second({ threads: [threadOn(id, { body })] }).plan.upkeep;
    expect(upkeep).toMatchObject({ id, move: 'nothing', body: threadOn(id).body });
  });

  test('tells in the check of a suggestion whose comment is of no use: it is not said again', () => {
    const [{ body } = { body: '' }] = after1().plan.comments;
    const told = (fields: object) => second({ threads: [threadOn(id, fields)] }).plan.notInline;
    expect(told({ body })).toEqual([]);
    expect(told({ body: body.replaceAll('\n', '\r\n') })).toEqual([]);
    expect(told({ body, isOutdated: true })).toEqual(['older-comment']);
    expect(told({ body, isOutdated: true, isMinimised: true })).toEqual(['older-comment']);
    expect(told({ body: body.replace('\ntotal\n', '\ntotals\n') })).toEqual(['older-comment']);
    expect(told({ body: `${findingMarker(id)}\n\na remark` })).toEqual(['older-comment']);
  });

  test('forgets what was in a check alone', () => {
    const known = look({ files: { f: { head } }, outcome: { findings: [on(2)] } }).records;
    const { plan, records, forgotten } = second({ known, files: {}, outcome: {} });
    expect([records, forgotten]).toEqual([[], [known[0]?.id]]);
    expect(plan.since?.fixed).toBe(1);
  });
});

describe('what came back after it was fixed', () => {
  const [id] = after1().plan.ids as [string];
  const fixed = after1().records.map((one): FindingRecord => ({ ...one, state: 'fixed' }));
  const back = (threads: ReturnType<typeof threadOn>[]) =>
    look({ cause: 'third', files, known: fixed, threads, outcome: { findings: [on(2)] } });
  const said = `${findingMarker(id)}\n\n**Fixed** in \`bbbbbbb\`.\n\nwords`;

  test.each([
    ['closes a thread that nobody closed', 'words', ['resolve-or-fold']],
    ['leaves one that has its word', '**Fixed** in `bbbbbbb`.\n\nwords', []],
  ])('where it did not, %s', (_what, words, moves) => {
    const threads = [threadOn(id, { body: `${findingMarker(id)}\n\n${words}` })];
    const { plan } = look({ cause: 'third', files: {}, known: fixed, threads });
    expect(plan.upkeep.map(({ move }) => move)).toEqual(moves);
  });

  test('opens its thread again, without the word', () => {
    const { plan, records } = back([threadOn(id, { isResolved: true, body: said })]);
    expect(plan.upkeep).toMatchObject([
      { move: 'unresolve', body: `${findingMarker(id)}\n\nwords` },
    ]);
    expect(plan.comments).toEqual([]);
    expect(records).toMatchObject([{ id, state: 'open', place: 'inline' }]);
    expect(plan.since).toEqual({ fresh: 1, persisting: 0, fixed: 0 });
  });

  test('takes the word back where the thread could not be resolved', () => {
    expect(back([threadOn(id, { body: said })]).plan.upkeep).toMatchObject([{ move: 'nothing' }]);
    expect(back([threadOn(id)]).plan.upkeep).toEqual([]);
    expect(back([]).plan.upkeep).toEqual([]);
  });
});

describe('what people dismissed', () => {
  test('never comes back, and nothing is done to its thread', () => {
    const dismissal = { byId: 4, via: 'command', waives: true, atMs: 1 } as const;
    const known = after1().records.map(
      (one): FindingRecord => ({ ...one, state: 'dismissed', dismissal, place: 'check' }),
    );
    const [id] = after1().plan.ids as [string];
    const threads = [threadOn(id, { isOutdated: true })];
    const { plan, records } = look({
      cause: 'second',
      files,
      known,
      threads,
      outcome: { findings: [on(2)] },
    });
    expect(plan).toMatchObject({ comments: [], upkeep: [], dismissed: [0], notInline: [] });
    expect(records).toMatchObject([{ state: 'dismissed' }]);
    const gone = look({ cause: 'third', known, threads, outcome: {} });
    expect(gone).toMatchObject({ records: [], forgotten: [], plan: { upkeep: [] } });
  });
});

describe('what is not seen any more', () => {
  const known = after1().records;
  const isLeftOpen = (outcome: object, isThere = true) => {
    const shown = isThere ? { f: { head } } : {};
    const { plan, records } = look({ cause: 'second', known, outcome, files: shown });
    return plan.since?.fixed === 0 && records.length === 0;
  };

  test.each<[why: string, outcome: object, isThere?: boolean]>([
    ['the tool could not run', { toolErrors: [{ tool: 'ruff', message: 'x' }] }],
    ['the agent could not', { toolErrors: [{ tool: 'linters', message: 'x' }] }],
    ['the tool did not run, and the file is there', { tools: [] }],
    [
      'its file was not given to the agent',
      { omitted: [{ path: 'f', reason: 'too-large' }] },
      false,
    ],
  ])('is not fixed where %s', (_why, outcome, isThere = true) => {
    expect(isLeftOpen(outcome, isThere)).toBe(true);
  });

  test('is not fixed where as many findings came as may', () => {
    const findings = Array.from({ length: 5_000 }, (_, at) => on(1, { rule: `r${at}` }));
    const { records } = look({ cause: 'second', known, outcome: { findings } });
    expect(records.some((one) => one.state === 'fixed')).toBe(false);
  });

  test('is forgotten, the oldest first, where there is more of it than anybody reads', () => {
    const reported = (push: number) =>
      Array.from({ length: 5_000 }, (_, at) => on(1, { rule: `r${push}-${at}` }));
    const shown = { f: { head } };
    let before: readonly FindingRecord[] = known;
    for (const push of [1, 2, 3, 4]) {
      const outcome = { findings: reported(push) };
      const given = { cause: `push${push}`, known: before, files: shown, outcome };
      const { records, forgotten } = look(given);
      before = [...before.filter(({ id }) => !forgotten.includes(id)), ...records];
    }
    expect(before).toHaveLength(10_001);
    // What has a comment is remembered whatever there is.
    expect(before[0]).toMatchObject({ id: known[0]?.id, place: 'inline' });
    expect(before[1]?.rule).toBe('r3-0');
  });

  test('is fixed where the file is no part of the change any more', () => {
    expect(
      look({ cause: 'second', known, outcome: { tools: [] }, files: {} }).plan.since?.fixed,
    ).toBe(1);
  });

  test.each<[why: string, fields: object]>([
    ['lets no comments out any more', { outputs: { comments: 'none' } }],
    ['has no place on the diff any more', { files: { f: { head, after, isShown: false } } }],
    ['is beside one that can be no suggestion', { files: { f: { head, after: 'one' } } }],
    ['removes the file', { files: { f: { head, after, isRemoved: true } } }],
    ['is longer than a report looks into', { files: { f: { head, after: 'x'.repeat(2 ** 22) } } }],
  ])('of the agent itself is not fixed where its patch %s', (_why, fields) => {
    const own = look({ files, outcome: {} });
    const threads = [threadOn(own.records[0]?.id ?? '')];
    const next = { cause: 'second', files, known: own.records, outcome: {}, threads, ...fields };
    expect(look(next).plan.upkeep).toEqual([]);
  });

  test('of the agent itself is fixed where every tool ran', () => {
    const own = look({ files, outcome: {} });
    expect(own.plan.comments).toHaveLength(1);
    const next = (outcome: object) =>
      look({
        cause: 'second',
        known: own.records,
        outcome,
        files: { f: { head } },
        threads: [threadOn(own.records[0]?.id ?? '')],
      }).plan;
    expect(next({})).toMatchObject({ upkeep: [{ move: 'resolve-or-fold' }], since: { fixed: 0 } });
    const broken = next({ toolErrors: [{ tool: 'ruff', message: 'x' }] });
    expect(broken.upkeep).toEqual([]);
  });
});
