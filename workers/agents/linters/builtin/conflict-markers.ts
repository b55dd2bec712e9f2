import type { Finding } from '../../../../src/domain/finding.ts';
import { makeFinding } from '../make-finding.ts';
import type { SourceFile } from '../source-file.ts';
import { builtInLinter } from './built-in-linter.ts';

/** git writes seven of each; `|||||||` only in the diff3 styles. */
const opening = /^<{7}(?: |\r?$)/;
const divider = /^={7}\r?$/;
const closing = /^>{7}(?: |\r?$)/;

/**
 * Merge conflicts that somebody committed: `<<<<<<<`, then `=======`, then `>>>>>>>`, each at the
 * start of a line. A divider alone is a heading in reStructuredText and says nothing.
 */
export const conflictMarkers = builtInLinter('conflict-markers', findConflicts);

/** One error for each complete conflict, over all of its lines. */
export function findConflicts(file: SourceFile): Finding[] {
  const findings: Finding[] = [];
  let start = 0;
  let isDivided = false;
  for (const [index, line] of file.lines.entries()) {
    if (opening.test(line)) {
      start = index + 1;
      isDivided = false;
    } else if (start > 0 && divider.test(line)) isDivided = true;
    else if (isDivided && closing.test(line)) {
      findings.push(conflict(file, start, index + 1));
      start = 0;
      isDivided = false;
    }
  }
  return findings;
}

function conflict(file: SourceFile, line: number, endLine: number): Finding {
  return makeFinding(file, {
    tool: 'conflict-markers',
    rule: 'merge-conflict',
    severity: 'error',
    message: 'A merge conflict was committed: its markers are still in the file.',
    place: { line, endLine },
  });
}
