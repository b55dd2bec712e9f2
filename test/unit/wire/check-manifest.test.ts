import { expect, test } from 'vitest';
import { post, resultOf, serve, speak, write } from '../../support/wire/hostile-sandbox.ts';

/** What a diff says of one file. */
function patched(path: string, kind = 'added'): object {
  return { path, kind, hunks: [{ startLine: 1, oldText: '', newText: 'x\n' }] };
}

/** What becomes of a result with this in its manifest. */
async function refusalOf(part: object): Promise<unknown> {
  const { wire, outcome } = serve();
  void post(speak(wire), resultOf(part));
  return outcome.then(
    () => 'accepted',
    (error: unknown) => error,
  );
}

test.each<[string, object]>([
  [
    'a diff deletes and modifies one path',
    { patch: [patched('a', 'deleted'), patched('a', 'modified')] },
  ],
  ['two paths of a diff differ by case', { patch: [patched('Readme'), patched('README')] }],
  ['a file of a diff is a folder too', { patch: [patched('a'), patched('A/b')] }],
  [
    'a path of a diff is one of the workspace by another case',
    { changes: [write('Readme')], patch: [patched('README', 'modified')] },
  ],
  [
    'a folder of a diff is a file of the workspace',
    { changes: [write('a')], patch: [patched('a/b')] },
  ],
])('a result is malformed when %s', async (_, part) => {
  expect(await refusalOf(part)).toMatchObject({ code: 'result.malformed' });
});

test.each<[string, object]>([
  ['a path is in the workspace and in a diff', { changes: [write('a')], patch: [patched('a')] }],
  ['a diff renames by case', { patch: [patched('Readme', 'deleted'), patched('README')] }],
  ['a diff makes a folder of a file', { patch: [patched('a', 'deleted'), patched('a/b')] }],
  [
    'the workspace deleted what a diff still modifies',
    { changes: [{ kind: 'delete', path: 'a' }, write('a/b')], patch: [patched('a', 'modified')] },
  ],
])('a result is taken when %s', async (_, part) => {
  expect(await refusalOf(part)).toBe('accepted');
});
