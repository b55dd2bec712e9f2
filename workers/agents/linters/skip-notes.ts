import type { Finding } from '../../../src/domain/finding.ts';
import type { RepoPath } from '../../../src/domain/repo-path.ts';
import { makeFinding } from './make-finding.ts';
import type { SkippedFile, SkipReason, SourceFile } from './source-file.ts';

const sentences: Readonly<Record<SkipReason, string>> = {
  'too-large': 'Not analysed, over 1 MiB',
  'too-much-in-total': 'Not analysed, the pull request touches more than 64 MiB of text',
  'not-a-regular-file': 'Not analysed, not readable as a regular file',
  'not-utf-8': 'Not analysed, not UTF-8 text',
  'lone-carriage-returns': 'Only the built-in checks ran, lines end in carriage returns alone',
  vendored: 'Only the built-in checks ran, vendored',
  generated: 'Only the built-in checks ran, generated',
  minified: 'Only the built-in checks ran, minified',
};
const maxNamed = 10;

/** One info finding for each reason, on the first such file, that names what was passed over. */
export function skipNotes(
  files: readonly SourceFile[],
  skipped: readonly SkippedFile[],
): readonly Finding[] {
  const byReason = new Map<SkipReason, RepoPath[]>();
  for (const { path, skip } of [...files, ...skipped]) {
    if (skip === null) continue;
    const paths = byReason.get(skip) ?? [];
    paths.push(path);
    byReason.set(skip, paths);
  }
  return [...byReason].flatMap(([reason, paths]) => noteOf(reason, paths.sort()));
}

function noteOf(reason: SkipReason, paths: readonly RepoPath[]): Finding[] {
  const [path] = paths;
  if (path === undefined) return [];
  const named = paths.slice(0, maxNamed).map((one) => JSON.stringify(one.slice(0, 120)));
  const rest = paths.length > maxNamed ? ` and ${paths.length - maxNamed} more` : '';
  const message = `${sentences[reason]}: ${named.join(', ')}${rest}.`;
  const about = { path, lines: [] };
  return [
    makeFinding(about, { tool: 'linters', rule: `skipped/${reason}`, severity: 'info', message }),
  ];
}
