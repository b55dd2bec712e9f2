import { describe, expect, it } from 'vitest';
import { TaskInput } from '../../../src/protocol/task-input.ts';
import { strangeKeys, taskInput, withKey } from './samples.ts';

const [file] = taskInput.changedFiles;

describe('TaskInput', () => {
  it('takes a task, and leaves it as it is', () => {
    expect(TaskInput.parse(taskInput)).toEqual(taskInput);
  });

  it('takes values that a task was started with', () => {
    const input = { ...taskInput, parameters: { level: 'high', constructor: '' } };
    expect(TaskInput.parse(input)).toEqual(input);
  });

  it.each([[0], [1], [3], ['1'], [1.5], [null], [undefined]])('refuses protocol %j', (protocol) => {
    expect(TaskInput.safeParse({ ...taskInput, protocol }).success).toBe(false);
  });

  it.each(strangeKeys)('has no field for %s', (_what, key) => {
    expect(TaskInput.safeParse(withKey(taskInput, key)).success).toBe(false);
    const limits = withKey(taskInput.limits, key);
    expect(TaskInput.safeParse({ ...taskInput, limits }).success).toBe(false);
    const changedFiles = [withKey(file ?? {}, key)];
    expect(TaskInput.safeParse({ ...taskInput, changedFiles }).success).toBe(false);
    expect(({} as Record<string, unknown>)['isAdmin']).toBeUndefined();
  });

  it.each([
    ['an agent with a path', { agent: '../supervisor' }],
    ['an agent with arguments', { agent: 'linters --fix' }],
    ['an agent without end', { agent: 'a'.repeat(33) }],
    ['instructions without end', { instructions: 'x'.repeat(4_001) }],
    ['a value that cannot be seen', { parameters: { level: 'a\u200b' } }],
    ['a value without end', { parameters: { level: 'x'.repeat(501) } }],
    ['a value that is no text', { parameters: { level: 1 } }],
    ['a value of no proper name', { parameters: { 'a b': '1' } }],
    [
      'values without end',
      { parameters: Object.fromEntries(Array.from({ length: 17 }, (_, n) => [`k${n}`, '1'])) },
    ],
    ['a task of its own kind', { kind: 'deploy' }],
    ['a head that is a branch', { headSha: 'main' }],
    ['a time before 1970', { sourceDateEpoch: -1 }],
    ['no limits', { limits: undefined }],
    ['a limit of nothing', { limits: { ...taskInput.limits, agentMs: 0 } }],
    ['a path out of the workspace', { changedFiles: [{ ...file, path: '../x' }] }],
    ['a former path out of it', { changedFiles: [{ ...file, previousPath: '/etc/passwd' }] }],
    ['line 0', { changedFiles: [{ ...file, addedLines: [[0, 1]] }] }],
    ['half a pair of lines', { changedFiles: [{ ...file, addedLines: [[1]] }] }],
  ])('refuses %s', (_what, fields) => {
    expect(TaskInput.safeParse({ ...taskInput, ...fields }).success).toBe(false);
  });
});
