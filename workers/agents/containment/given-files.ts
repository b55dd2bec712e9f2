import { chmodSync, closeSync, openSync, renameSync, symlinkSync, unlinkSync } from 'node:fs';
import { codeOf, mayWrite } from './ask.ts';
import { attempt } from './attempt.ts';

const given = ['/task/task.json', '/task/diff.patch'];

/** Makes `make` happen and takes it back. */
function undone(make: () => void, undo: () => void): string {
  const answer = codeOf(make);
  if (answer === 'granted') undo();
  return answer;
}

/** Ways to change a file without writing to it. */
function changesOf(path: string): Record<string, string> {
  const other = `${path}.other`;
  return {
    [`write ${path}`]: mayWrite(path),
    [`chmod ${path}`]: codeOf(() => chmodSync(path, 0o666)),
    [`rename ${path}`]: undone(
      () => renameSync(path, other),
      () => renameSync(other, path),
    ),
  };
}

function changesIn(folder: string): Record<string, string> {
  const file = `${folder}/made`;
  const remove = (): void => unlinkSync(file);
  return {
    [`make ${file}`]: undone(() => closeSync(openSync(file, 'wx')), remove),
    [`link ${file}`]: undone(() => symlinkSync('/etc/passwd', file), remove),
    [`chmod ${folder}`]: codeOf(() => chmodSync(folder, 0o777)),
    [`rename ${folder}`]: undone(
      () => renameSync(folder, `${folder}-moved`),
      () => renameSync(`${folder}-moved`, folder),
    ),
  };
}

/** Attempts on what the agent is told and compares with. */
export const givenFileAttempts = [
  attempt('escape.given-files', () => ({
    answers: Object.fromEntries(
      [...given.map(changesOf), ...['/task', '/base'].map(changesIn)].flatMap(Object.entries),
    ) as Record<string, string>,
  })),
];
