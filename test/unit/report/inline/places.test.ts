import { describe, expect, test } from 'vitest';
import { findingIdIn } from '../../../../src/report/inline/marker.ts';
import { look, threadOn } from '../../../support/report/inline-scene.ts';
import { sampleFinding } from '../../../support/report/samples.ts';

const numbered = (count: number, word = 'line') =>
  Array.from({ length: count }, (_, at) => `${word} ${at + 1}\n`);
/** Every third line is changed: a suggestion each. */
const thirds = (count: number) =>
  numbered(count).map((line, at) => (at % 3 === 0 ? `new ${line}` : line));
const file = (count: number) => ({ head: numbered(count).join(''), after: thirds(count).join('') });
const on = (line: number, fields = {}) =>
  sampleFinding({ path: 'f', range: { startLine: line, endLine: line }, ...fields });

describe('a cap on comments', () => {
  const files = { f: file(30) };
  const findings = Array.from({ length: 10 }, (_, at) => on(3 * at + 1, { severity: 'warning' }));
  const first = look({ files, outcome: { findings }, review: { maxComments: 4 } });

  test('leaves the rest to the check', () => {
    expect(first.plan.comments).toHaveLength(4);
    expect(first.plan.notInline).toEqual(Array.from({ length: 6 }, () => 'too-many'));
    expect(first.records.filter(({ place }) => place === 'inline')).toHaveLength(4);
  });

  test('is for those that stand open: what had no place takes none of theirs', () => {
    const again = (known: typeof first.records, review = { maxComments: 4 }) =>
      look({ cause: 'second', files, outcome: { findings }, review, known }).plan;
    expect(again(first.records)).toMatchObject({ comments: [], notInline: { length: 6 } });
    expect(again(first.records, { maxComments: 6 }).comments).toHaveLength(2);
  });

  test('has a place for each that is new, the worst first, whatever stands open', () => {
    const worse = [
      on(7, { severity: 'error', rule: 'X1' }),
      on(10, { severity: 'info', rule: 'X2' }),
    ];
    const others = findings.filter((_, at) => at !== 2 && at !== 3);
    const { plan } = look({
      cause: 'second',
      files,
      outcome: { findings: [...others, ...worse] },
      review: { maxComments: 1 },
      known: first.records,
    });
    expect(plan.comments.map(({ line }) => line)).toEqual([7]);
  });

  test('gives the places of what is fixed to what waits', () => {
    const shown = first.records.filter(({ place }) => place === 'inline').map(({ id }) => id);
    const gone = new Set(
      first.plan.ids.flatMap((id, at) => (shown.includes(id) ? [at] : [])).slice(0, 3),
    );
    const left = findings.filter((_, at) => !gone.has(at));
    const after = thirds(30).map((line, at) => (gone.has(at / 3) ? `line ${at + 1}\n` : line));
    const { plan } = look({
      cause: 'second',
      files: { f: { ...file(30), after: after.join('') } },
      outcome: { findings: left },
      review: { maxComments: 4 },
      known: first.records,
    });
    expect(plan.since).toMatchObject({ persisting: 7, fixed: 3 });
    expect(plan.comments).toHaveLength(3);
  });
});

describe('several of one suggestion', () => {
  const files = { f: { head: 'a\nb\nc\nd\n', after: 'a\nB\nc\nD\n' } };

  test('a finding over two suggestions is said with the first, and the second is the agent’s own', () => {
    const wide = on(2, { range: { startLine: 2, endLine: 4 } });
    const { plan, records } = look({ files, outcome: { findings: [wide] } });
    expect(plan.comments).toHaveLength(2);
    expect(plan.comments.map(({ body }) => findingIdIn(body) === plan.ids[0])).toEqual([
      true,
      false,
    ]);
    expect(records.map(({ tool }) => tool)).toEqual(['ruff', 'linters']);
    const again = look({ cause: 'second', files, outcome: { findings: [wide] }, known: records });
    expect(again.plan.comments).toEqual([]);
  });

  test('two findings on one suggestion are one comment, about the worse', () => {
    const findings = [on(2, { severity: 'info', rule: 'mild' }), on(2, { rule: 'bad' })];
    const { plan } = look({ files, outcome: { findings } });
    expect(plan.comments.map(({ body }) => findingIdIn(body))).toContain(plan.ids[1]);
    expect(plan.comments.map(({ body }) => findingIdIn(body))).not.toContain(plan.ids[0]);
  });
});

describe('edits that cannot be suggestions', () => {
  const crlf = { head: 'one\r\ntotl\r\n', after: 'one\r\ntotal\r\n' };

  test('are a diff on their file, as one comment', () => {
    const { plan, records } = look({ files: { f: crlf } });
    expect(plan).toMatchObject({ comments: [], notInline: [], suggestions: 0 });
    expect(plan.fileComments).toMatchObject([{ path: 'f' }]);
    expect(plan.fileComments[0]?.body).toContain('1 in a file with CR line endings.\n\n```diff\n');
    expect(plan.fileComments[0]?.body).toContain('-totl\n+total\n');
    expect(records).toMatchObject([{ place: 'file', tool: 'linters' }]);
  });

  test('are written anew in the comment that is there, and closed with it', () => {
    const first = look({ files: { f: crlf } });
    const [comment] = first.plan.fileComments;
    const thread = threadOn(comment?.id ?? '', { body: comment?.body ?? '' });
    const next = (after: string | undefined) =>
      look({
        cause: 'second',
        files: { f: { head: crlf.head, ...(after === undefined ? {} : { after }) } },
        known: first.records,
        threads: [thread],
      }).plan;
    expect(next(crlf.after)).toMatchObject({ fileComments: [], upkeep: [] });
    const [rewritten] = next('One\r\ntotal\r\n').upkeep;
    expect(rewritten).toMatchObject({ move: 'nothing' });
    expect(rewritten?.body).toContain('+One\n+total\n');
    expect(next(undefined).upkeep).toMatchObject([{ move: 'resolve-or-fold' }]);
  });

  test('have the check alone where GitHub shows nothing of the file', () => {
    const { plan } = look({ files: { f: { ...crlf, isShown: false } } });
    expect(plan).toMatchObject({ fileComments: [], notInline: ['line-endings'] });
  });

  test('have the check alone beyond the cap, and with a secret, a long fence or nothing to read', () => {
    const token = `ghp_${'a1B2c3D4e5F6'.repeat(3)}`;
    const noted = (after: string, head = crlf.head) => look({ files: { f: { head, after } } }).plan;
    expect(noted(`one\r\n${token}\r\n`)).toMatchObject({
      fileComments: [],
      notInline: ['line-endings'],
    });
    expect(noted(`one\r\n${'`'.repeat(100)}\r\n`)).toMatchObject({
      fileComments: [],
      notInline: { length: 1 },
    });
    expect(noted(`one\r\n${'x'.repeat(9_000)}\r\n`)).toMatchObject({
      fileComments: [],
      notInline: { length: 1 },
    });
    const capped = look({
      files: { a: crlf, b: crlf, c: crlf },
      review: { maxFileComments: 2 },
    }).plan;
    expect(capped.fileComments.map(({ path }) => path)).toEqual(['a', 'b']);
    expect(capped.notInline).toEqual(['line-endings']);
  });

  test('say how much of a long diff is not shown', () => {
    const head = numbered(900).map((line) => line.replace('\n', '\r\n'));
    const after = head.map((line, at) => (at % 10 === 0 ? `new ${line}` : line));
    const { plan } = look({ files: { f: { head: head.join(''), after: after.join('') } } });
    expect(plan.fileComments[0]?.body).toMatch(/\d+ more pieces in the check's details\.$/);
  });

  test('of a file that is no text have the check alone', () => {
    const { plan } = look({ files: { f: { head: 'a\n', after: new Uint8Array([0xff, 10]) } } });
    expect(plan).toMatchObject({ fileComments: [], notInline: ['not-utf8'] });
  });
});

describe('findings without a change', () => {
  const files = { f: { head: numbered(9).join('') }, g: { head: 'x\n', isShown: false } };
  const findings = [
    on(2, { severity: 'warning' }),
    on(4, { range: { startLine: 4, endLine: 6 } }),
    sampleFinding({ path: 'f', range: undefined }),
    sampleFinding({ path: 'g', range: { startLine: 1, endLine: 1 } }),
    on(90),
  ];

  test('are annotations alone', () => {
    expect(look({ files, outcome: { findings } }).plan.comments).toEqual([]);
  });

  test('are remarks where the policy asks for them and the diff shows their lines', () => {
    const review = { inline: 'findings' as const };
    const { plan } = look({ files, outcome: { findings }, review });
    expect(plan).toMatchObject({ suggestions: 0, notInline: [] });
    expect(plan.comments).toMatchObject([{ startLine: 4, line: 6 }, { line: 2 }]);
    const few = look({ files, outcome: { findings }, review: { ...review, maxComments: 1 } });
    expect(few.plan.comments).toMatchObject([{ line: 6 }]);
    expect(few.plan.notInline).toEqual([]);
  });

  test('are not said beside a suggestion that speaks of them', () => {
    const changed = {
      f: { head: numbered(9).join(''), after: numbered(9).join('').replace('line 2', 'x') },
    };
    const { plan } = look({
      files: changed,
      outcome: { findings: [on(2)] },
      review: { inline: 'findings' },
    });
    expect(plan.comments).toHaveLength(1);
    expect(plan.suggestions).toBe(1);
  });
});
