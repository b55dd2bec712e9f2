import { describe, expect, it } from 'vitest';
import { keptSections } from '../../../src/adapters/git/kept-sections.ts';
import type { RawChange } from '../../../src/adapters/git/raw-diff.ts';

const one = '1'.repeat(40);
const two = '2'.repeat(40);

function section(path: string, content = 'new'): string {
  return [
    `diff --git a/${path} b/${path}`,
    `index ${one}..${two} 100644`,
    `--- a/${path}`,
    `+++ b/${path}`,
    '@@ -1 +1 @@',
    '-old',
    `+${content}`,
    '',
  ].join('\n');
}

function change(path: string, fields: Partial<RawChange> = {}): RawChange {
  const side = { mode: '100644', sha: one, pathBytes: Buffer.from(path) };
  return { status: 'modified', before: side, after: { ...side, sha: two }, ...fields };
}

async function kept(patch: string, changes: readonly RawChange[]): Promise<string> {
  const isInput = async (path: string): Promise<boolean> => !path.startsWith('secret/');
  return (await keptSections(Buffer.from(patch), changes, isInput)).toString();
}

describe('the parts of a patch that an agent sees', () => {
  it('are those of files that are input, byte for byte', async () => {
    const patch = section('a') + section('secret/b') + section('c');
    const changes = [change('a'), change('secret/b'), change('c')];
    expect(await kept(patch, changes)).toBe(section('a') + section('c'));
  });

  it('are not moved by a line that looks like the beginning of another', async () => {
    const hostile = section('secret/b', 'diff --git a/a b/a');
    expect(await kept(hostile + section('c'), [change('secret/b'), change('c')])).toBe(
      section('c'),
    );
  });

  it('have neither side of a rename out of what is kept back', async () => {
    const { before } = change('secret/a');
    const renamed = change('b', { status: 'renamed', before });
    expect(await kept(section('b'), [renamed])).toBe('');
  });

  it('leave out both sections of a type change, and names that cannot be used', async () => {
    const changed = change('secret/x', { status: 'type-changed' });
    const odd = change('', { after: null });
    const patch = section('secret/x') + section('secret/x') + section('odd') + section('c');
    expect(await kept(patch, [changed, odd, change('c')])).toBe(section('c'));
  });
});
