import { describe, expect, it } from 'vitest';
import { hasCode } from '../../src/errors.ts';
import { openPull, repoPath, taskInputFor, unpackBundle } from '../support/pull-snapshot.ts';

const base = [
  { path: 'changed', content: 'was\n' },
  { path: 'deleted', content: 'gone\n' },
  { path: 'link', content: 'changed', mode: '120000' as const },
  { path: 'old-name', content: 'moved\n'.repeat(20) },
  { path: 'run', content: 'x\n', mode: '100755' as const },
  { path: 'same', content: 'same\n' },
];
const head = [
  { path: 'added', content: 'new\n' },
  { path: 'changed', content: 'is\n' },
  { path: 'link', content: 'same', mode: '120000' as const },
  { path: 'new-name', content: 'moved\n'.repeat(20) },
  { path: 'run', content: 'y\n' },
  { path: 'same', content: 'same\n' },
];

describe('the base in a bundle', () => {
  it('is what the head does not have, before the head', async () => {
    await using pull = await openPull(base, head);
    const entries = await unpackBundle(await pull.snapshot(), { base: true });
    const named = entries.filter(({ name }) => name.startsWith('base/'));
    expect(named.map(({ name, mode, linkname, body }) => [name, mode, linkname || body])).toEqual([
      ['base/changed', 0o644, 'was\n'],
      ['base/deleted', 0o644, 'gone\n'],
      ['base/link', 0o777, 'changed'],
      ['base/old-name', 0o644, 'moved\n'.repeat(20)],
      ['base/run', 0o755, 'x\n'],
    ]);
    const names = entries.map(({ name }) => name);
    expect(names.findLastIndex((name) => name.startsWith('base/'))).toBeLessThan(
      names.findIndex((name) => name.startsWith('head/')),
    );
    expect(JSON.parse(entries[0]?.body ?? '')).toMatchObject({ hasBase: true });
  });

  it('is not there unless it is asked for, whatever the task says', async () => {
    await using pull = await openPull(base, head);
    const snapshot = await pull.snapshot();
    const input = { ...taskInputFor(snapshot), hasBase: true };
    const entries = await unpackBundle(snapshot, {}, input);
    expect(entries.filter(({ name }) => name.startsWith('base/'))).toEqual([]);
    expect(JSON.parse(entries[0]?.body ?? '')).not.toHaveProperty('hasBase');
  });

  it('has what the workspace has something else for, and what is told of as if it had changed', async () => {
    await using pull = await openPull(base, head);
    const snapshot = await pull.snapshot();
    const input = { ...taskInputFor(snapshot), replaced: [repoPath('same'), repoPath('added')] };
    const entries = await unpackBundle(snapshot, { base: true }, input);
    const names = entries.map(({ name }) => name);
    expect(names).toContain('base/same');
    expect(names).not.toContain('base/added');
  });

  it('changes the digest, as a prompt does', async () => {
    await using pull = await openPull(base, head);
    const snapshot = await pull.snapshot();
    const input = taskInputFor(snapshot);
    const digests = [{}, { base: true }, { prompt: 'a' }, { prompt: 'b' }].map(
      (extras) => snapshot.bundle(input, extras).digest,
    );
    expect(new Set(digests).size).toBe(4);
    const [prompt] = (await unpackBundle(snapshot, { prompt: 'dö this' })).filter(
      ({ name }) => name === 'prompt.md',
    );
    expect(prompt?.body).toBe('dö this');
  });

  it('has nothing of files that are no input or are too large', async () => {
    await using pull = await openPull([...base, { path: 'secret/x', content: 'password\n' }], head);
    const isInput = async (path: string): Promise<boolean> => !path.startsWith('secret/');
    const snapshot = await pull.snapshot({ isInput, inputFileBytes: 100 });
    const names = (await unpackBundle(snapshot, { base: true })).map(({ name }) => name);
    expect(names).toContain('base/deleted');
    expect(names).not.toContain('base/secret/x');
    expect(names).not.toContain('base/old-name');
  });

  it('is refused when it or the prompt is too large', async () => {
    const large = { path: 'large', content: 'x'.repeat(500) };
    await using pull = await openPull([...base, large], head);
    const snapshot = await pull.snapshot({ workspaceBytes: 500 });
    const isTooLarge = (error: unknown) => hasCode(error, 'input.too-large');
    const attempt = (extras: object) => async () => snapshot.bundle(taskInputFor(snapshot), extras);
    await expect(attempt({})()).resolves.toBeDefined();
    await expect(attempt({ base: true })()).rejects.toSatisfy(isTooLarge);
    await expect(attempt({ prompt: 'ö'.repeat(256 * 1024 + 1) })()).rejects.toSatisfy(isTooLarge);
  });
});
