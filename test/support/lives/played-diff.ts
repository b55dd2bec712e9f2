import { structuredPatch } from 'diff';
import { type PlayedFile, textOf } from './played-files.ts';

/** The diff of a pull request as git prints it, three lines of context to each hunk. */
export function diffOf(files: readonly PlayedFile[]): string {
  return files.map(diffOfFile).join('');
}

function diffOfFile(file: PlayedFile): string {
  const { path, basePath, base } = file;
  const head = textOf(file);
  const renamed =
    basePath === null || basePath === path
      ? ''
      : `similarity index 60%\nrename from ${basePath}\nrename to ${path}\n`;
  const { hunks } = structuredPatch(basePath ?? path, path, base, head, '', '', { context: 3 });
  if (hunks.length === 0 && renamed === '') return '';
  const from = basePath === null ? '/dev/null' : `a/${basePath}`;
  const names = hunks.length === 0 ? '' : `--- ${from}\n+++ b/${path}\n`;
  const made = basePath === null ? 'new file mode 100644\n' : '';
  const bodies = hunks.map(({ oldStart, oldLines, newStart, newLines, lines }) => {
    const header = `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@\n`;
    return `${header}${lines.map((line) => `${line}\n`).join('')}`;
  });
  const title = `diff --git a/${basePath ?? path} b/${path}\n`;
  return `${title}${made}${renamed}${names}${bodies.join('')}`;
}
