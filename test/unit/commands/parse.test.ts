import { describe, expect, it } from 'vitest';
import { parseCommands } from '../../../src/commands/parse.ts';

const longest = 'x'.repeat(500);
const id = `t${'0'.repeat(24)}`;

function run(task: string, ...pairs: readonly (readonly [string, string])[]) {
  return { name: 'run', task, parameters: new Map(pairs) };
}

describe('parseCommands', () => {
  it.each([
    ['/sallyport', { name: 'help' }],
    ['/sallyport help', { name: 'help' }],
    ['/sallyport REVIEW  ', { name: 'review' }],
    ['/sallyport\treview', { name: 'review' }],
    ['/sallyport   review please', { name: 'review' }],
    ['thanks!\r\n/sallyport review\r\nbye', { name: 'review' }],
    ['/sallyport fix', { name: 'fix', instructions: null }],
    ['/sallyport fix only the typos', { name: 'fix', instructions: 'only the typos' }],
    ['/sallyport fix `a` *b* ', { name: 'fix', instructions: '`a` *b*' }],
    ['/sallyport fix a\u2028b', { name: 'fix', instructions: 'a\u2028b' }],
    ['/sallyport fix a <!-- b --> c', { name: 'fix', instructions: 'a  c' }],
    ['/sallyport fix <!-- x\ny --> z', { name: 'fix', instructions: null }],
    ['/sallyport approve', { name: 'approve', target: null }],
    ['/sallyport approve fix', { name: 'approve', target: 'fix' }],
    ['/sallyport approve 0123abc', { name: 'approve', target: '0123abc' }],
    [`/sallyport approve ${id}`, { name: 'approve', target: id }],
    ['/sallyport reject', { name: 'reject', reason: null }],
    ['/sallyport reject not now', { name: 'reject', reason: 'not now' }],
    ['/sallyport cancel', { name: 'cancel', target: null }],
    ['/sallyport cancel fix', { name: 'cancel', target: 'fix' }],
    [`/sallyport retry ${id}`, { name: 'retry', target: id }],
    ['/sallyport pause', { name: 'pause' }],
    ['/sallyport resume', { name: 'resume' }],
    ['/sallyport status', { name: 'status' }],
    ['/sallyport explain', { name: 'explain' }],
    ['/sallyport run upgrade', run('upgrade')],
    ['/sallyport run upgrade a=1 b-2=x', run('upgrade', ['a', '1'], ['b-2', 'x'])],
    ['/sallyport run upgrade\ta="two words"', run('upgrade', ['a', 'two words'])],
    ['/sallyport run upgrade a="" b=', run('upgrade', ['a', ''], ['b', ''])],
    [
      String.raw`/sallyport run u a="say \"hi\" \\"`,
      run('u', ['a', String.raw`say "hi" \ `.trim()]),
    ],
    ['/sallyport run u a=b=c', run('u', ['a', 'b=c'])],
    ['/sallyport run u constructor=1', run('u', ['constructor', '1'])],
    [`/sallyport run u a=${longest}`, run('u', ['a', longest])],
    ['/sallyport revew', { name: 'unknown', word: 'revew', closest: 'review' }],
    ['/sallyport deploy', { name: 'unknown', word: 'deploy', closest: null }],
    ['/sallyport fix\u00a0it', { name: 'unknown', word: 'fix\u00a0it', closest: null }],
    ['/sallyport constructor', { name: 'unknown', word: 'constructor', closest: null }],
  ])('reads %j', (body, command) => {
    expect(parseCommands(body)).toEqual([command]);
  });

  it.each([
    ['/sallyport approve it please', 'approve', 'the name of a task or at least 7 digits'],
    ['/sallyport approve 0123ab', 'approve', 'the name of a task or at least 7 digits'],
    ['/sallyport approve Fix', 'approve', 'the name of a task or at least 7 digits'],
    ['/sallyport cancel ../x', 'cancel', 'the id or the name of a task'],
    ['/sallyport retry a b', 'retry', 'the id or the name of a task'],
    ['/sallyport run', 'run', 'the name of a task'],
    ['/sallyport run Upgrade', 'run', 'the name of a task'],
    [`/sallyport run ${'x'.repeat(41)}`, 'run', 'the name of a task'],
    ['/sallyport run u a', 'run', '`key=value`'],
    ['/sallyport run u a="b', 'run', '`key=value`'],
    ['/sallyport run u a="b"c', 'run', '`key=value`'],
    ['/sallyport run u a=b"c', 'run', '`key=value`'],
    [String.raw`/sallyport run u a="\n"`, 'run', '`key=value`'],
    ['/sallyport run u =b', 'run', '`key=value`'],
    ['/sallyport run u a\u00a0=b', 'run', '`key=value`'],
    ['/sallyport run u a=b\u200bc', 'run', 'cannot be seen'],
    ['/sallyport run u a="b\u202e c"', 'run', 'cannot be seen'],
    ['/sallyport run u a="b\tc"', 'run', 'cannot be seen'],
    ['/sallyport run u A=b', 'run', 'a key is'],
    ['/sallyport run u __proto__=b', 'run', 'a key is'],
    [`/sallyport run u ${'k'.repeat(41)}=b`, 'run', 'a key is'],
    ['/sallyport run u a=1 a=2', 'run', 'a key is there twice'],
    [`/sallyport run u a=${longest}x`, 'run', 'at most 500'],
    [`/sallyport run u ${Array.from({ length: 17 }, (_, n) => `k${n}=1`).join(' ')}`, 'run', '16'],
  ])('says what is wrong with %j', (body, command, problem) => {
    expect(parseCommands(body)).toEqual([
      { name: 'malformed', command, problem: expect.stringContaining(problem) as string },
    ]);
  });

  it('takes several, five at most', () => {
    expect(
      parseCommands('/sallyport review\n\nand\n/sallyport pause').map(({ name }) => name),
    ).toEqual(['review', 'pause']);
    expect(parseCommands('/sallyport review\n'.repeat(5))).toHaveLength(5);
  });

  it.each([6, 50])('says once that it leaves the rest of %d alone', (count) => {
    const commands = parseCommands('/sallyport review\n'.repeat(count));
    expect(commands).toHaveLength(6);
    expect(commands.at(-1)).toEqual({ name: 'surplus', taken: 5 });
  });

  it('takes a task for a command by its own name, and a command for what it always is', () => {
    const tasks = ['upgrade', 'status'];
    expect(parseCommands('/sallyport upgrade a=1\n/sallyport status a=1', { tasks })).toEqual([
      run('upgrade', ['a', '1']),
      { name: 'status' },
    ]);
    expect(parseCommands('/sallyport upgrade now', { tasks })).toMatchObject([
      { name: 'malformed', command: 'run' },
    ]);
  });

  it.each([
    ['/sallyport dcos', 'docs'],
    ['/sallyport upgade', 'upgrade'],
    ['/sallyport fixx', 'fix'],
    ['/sallyport deploy', null],
    [`/sallyport ${'x'.repeat(60_000)}`, null],
  ])('knows the tasks that %j may have meant', (body, meant) => {
    const tasks = ['docs', 'upgrade'];
    expect(parseCommands(body, { tasks })).toMatchObject([{ name: 'unknown', closest: meant }]);
  });

  it('cuts instructions and reasons to what the protocol takes', () => {
    expect(parseCommands(`/sallyport fix ${'x'.repeat(60_000)}`)).toEqual([
      { name: 'fix', instructions: 'x'.repeat(4_000) },
    ]);
    expect(parseCommands(`/sallyport reject ${'x'.repeat(600)}`)).toEqual([
      { name: 'reject', reason: longest },
    ]);
  });
});

describe('short forms', () => {
  const options = { shortForms: ['review', 'fix'] } as const;

  it('are commands only where they are enabled', () => {
    expect(parseCommands('/review')).toEqual([]);
    expect(parseCommands('/review\n/fix typos', options)).toEqual([
      { name: 'review' },
      { name: 'fix', instructions: 'typos' },
    ]);
  });

  it('leave the commands of others alone', () => {
    expect(parseCommands('/retest\n/approve\n/reviews\n/Review\n/sallyport', options)).toEqual([
      { name: 'help' },
    ]);
  });
});
