import { assert, constant, oneof, property, string, uint8Array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PolicySources } from '../../../../src/policy/fold-sources.ts';
import { planPolicyCheck, planUnreadablePolicy } from '../../../../src/report/policy/check.ts';
import { operatorText } from '../../policy/fixture.ts';

const path = '.github/sallyport.yml';
const above: PolicySources = [
  { layer: 'operator', file: '/etc/sallyport/op.yml', content: operatorText },
];

function check(before: string | null, after: string | null, upper = above) {
  const text = (body: string | null) => (body === null ? null : `version: 1\n${body}`);
  return planPolicyCheck({
    layer: 'repository',
    path,
    before: text(before),
    after: text(after),
    above: upper,
  });
}

describe('the check of a policy', () => {
  it('fails on faults, with an annotation on each line', () => {
    const { state, output, annotations } = check('', 'limits:\n  pid: 1\n  cpus: 9');
    expect(state).toEqual({ status: 'completed', conclusion: 'failure' });
    expect(output.title).toBe('1 fault in this policy');
    expect(annotations).toEqual([
      {
        path,
        startLine: 3,
        endLine: 3,
        startColumn: 3,
        endColumn: 3,
        level: 'failure',
        title: 'limits.pid',
        message: 'is no key of a policy; did you mean pids?.',
      },
    ]);
  });

  it('names both lines of what is wider than the layer above, and not the operator’s file', () => {
    const { output, annotations } = check('', 'limits: { pids: 1024, cpus: 9 }');
    expect(output.title).toBe('2 faults in this policy');
    expect(annotations[1]?.message).toBe(
      '1024 is more than 512, the ceiling above (operator’s policy, line 52).',
    );
    expect(output.summary).toContain('repository, line 2: limits.pids: 1024 is more than 512');
    expect(JSON.stringify({ output, annotations })).not.toContain('/etc/sallyport');
  });

  it('puts what is wrong with the text as a whole on its line', () => {
    const { annotations } = check('', 'a: b: c');
    expect(annotations).toMatchObject([{ title: 'policy', startLine: 2 }]);
  });

  it('fails on what is no file', () => {
    const view = planUnreadablePolicy(
      { layer: 'repository', path },
      'is a link; a policy is a file',
    );
    expect(view.state).toMatchObject({ conclusion: 'failure' });
    expect(view.annotations).toMatchObject([{ path, startLine: 1, title: 'policy' }]);
    expect(view.output.summary).toContain('is a link; a policy is a file.');
  });

  it('fails when a layer above is at fault, and annotates nothing of it', () => {
    const broken: PolicySources = [
      above[0],
      { layer: 'organisation', file: 'sallyport.yml', content: 'version: 2' },
    ];
    const { state, output, annotations } = check('', '', broken);
    expect(state).toMatchObject({ conclusion: 'failure' });
    expect(output.title).toBe('The organisation’s policy above is at fault');
    expect(output.summary).toContain('organisation, line 1: version: must be 1, not 2.');
    expect(annotations).toEqual([]);
  });

  it('says what a change loosens and tightens, and is neutral when it loosens', () => {
    const { state, output } = check(
      'limits: { pids: 64, cpus: 1 }\ntasks: { review: { triggers: { drafts: true, command: true } } }',
      'limits: { pids: 128 }\nforks: refuse\ntasks: { review: { triggers: { drafts: false, command: false } } }',
    );
    expect(state).toEqual({ status: 'completed', conclusion: 'neutral' });
    expect(output.title).toBe('Loosens 3 values, tightens 1, changes 1');
    expect(output.summary.split('\n').slice(2)).toEqual([
      '| | value | before | after |',
      '| --- | --- | --- | --- |',
      '| loosens | limits.cpus | 1 | as above |',
      '| loosens | limits.pids | 64 | 128 |',
      '| loosens | tasks.review.triggers.drafts | true | false |',
      '| tightens | forks | as above | "refuse" |',
      '| changes | tasks.review.triggers.command | true | false |',
      '',
    ]);
  });

  it.each([
    ['a change that only tightens', '', 'forks: refuse', 'success', 'Tightens 1 value'],
    ['a change of comments alone', '', '# x', 'success', 'Changes no value of the policy'],
    ['a first policy', null, 'forks: refuse', 'success', 'Tightens 1 value'],
    ['a policy that goes away', 'forks: refuse', null, 'neutral', 'Loosens 1 value'],
    ['a policy that was broken', 'fork: x', '', 'neutral', 'The policy is well formed'],
  ])('%s', (_what, before, after, conclusion, title) => {
    const { state, output } = check(before, after);
    expect(state).toMatchObject({ conclusion });
    expect(output.title).toContain(title);
  });

  it('lets no text of a policy out of its place', () => {
    const hostile = '"|<img src=x>[a](b) @mona \\u202e ::error::x \\n# y"';
    const { output } = check('', `tasks: { fix: { instructions: ${hostile} } }`);
    expect(output.summary).not.toMatch(/[<>\u202e]|@mona|[^\\]\[a|::/u);
    expect(output.summary.split('\n')).toHaveLength(6);
    const faulty = check('', `${hostile}: 1`);
    expect(faulty.output.summary).not.toMatch(/[<>\u202e]|@mona|[^\\]\[a|::/u);
    expect(faulty.annotations[0]?.title).not.toMatch(/\u202e/u);
  });

  it('stays within what GitHub takes, however much changes', () => {
    const tasks = Array.from(
      { length: 30 },
      (_, at) =>
        `  t${at}: { within: fix, egress: { use: [] }, quietHours: [], instructions: "${'<'.repeat(900)}" }`,
    );
    const faults = Array.from({ length: 90 }, (_, at) => `"${'<'.repeat(300)}${at}": 1`);
    for (const text of [`tasks:\n${tasks.join('\n')}`, faults.join('\n')]) {
      const { output } = check('', text);
      expect(Buffer.byteLength(output.summary)).toBeLessThan(65_535);
    }
  });

  it('marks fifty of the lines that are wider than above, and says how many more there are', () => {
    const limits = '{ pids: 1024, cpus: 9, openFiles: 99999, wallClockMs: 99999999 }';
    const tasks = (count: number) =>
      Array.from({ length: count }, (_, at) => `  t${at}: { limits: ${limits} }`).join('\n');
    const { output, annotations } = check('', `tasks:\n${tasks(32)}`);
    const told = Number(/^(\d+) faults/.exec(output.title)?.[1]);
    expect(told).toBeGreaterThan(100);
    expect(annotations).toHaveLength(50);
    expect(output.summary).toContain(`\n${told - 50} more faults left without an annotation.`);
    const few = check('', `tasks:\n${tasks(2)}`);
    expect(few.output.summary).not.toContain('without an annotation');
  });

  it('cuts a table that is too long, and says so', () => {
    const tasks = Array.from(
      { length: 31 },
      (_, at) =>
        `  t${at}: { within: fix, egress: { use: [] }, instructions: "${'<'.repeat(400)}", triggers: { events: [], paths: ["${'|'.repeat(200)}"], ignorePaths: ["${'|'.repeat(200)}"], branches: ["${'|'.repeat(200)}"] } }`,
    );
    const { output } = check('', `tasks:\n${tasks.join('\n')}`);
    expect(output.summary).toMatch(/… and \d+ more\.\n$/);
  });

  it('is made of any two texts', () => {
    const sides = oneof(constant(null), string(), uint8Array());
    assert(
      property(sides, sides, (before, after) => {
        const view = planPolicyCheck({ layer: 'organisation', path, before, after, above });
        return view.output.title !== '' && view.output.summary !== '' && view.actions.length === 0;
      }),
    );
  });
});
