import type { Finding } from '../../../../src/domain/finding.ts';
import { makeFinding } from '../make-finding.ts';
import type { SourceFile } from '../source-file.ts';
import { builtInLinter } from './built-in-linter.ts';

/** Lines that end otherwise than most lines of their file: a diff of them shows nothing. */
export const lineEndings = builtInLinter('line-endings', findMixedEndings);

/** At most one info: on the first line of the pull request that ends unlike the file's majority. */
export function findMixedEndings(file: SourceFile): Finding[] {
  const endsInCrLf = terminatedLines(file).map((line) => line.endsWith('\r'));
  const crLfCount = endsInCrLf.filter(Boolean).length;
  const isMostlyCrLf = crLfCount * 2 > endsInCrLf.length;
  const odd = endsInCrLf.findIndex(
    (isCrLf, index) => isCrLf !== isMostlyCrLf && file.added[index] === true,
  );
  if (odd === -1) return [];
  const [own, others] = isMostlyCrLf ? ['LF', 'CRLF'] : ['CRLF', 'LF'];
  return [
    makeFinding(file, {
      tool: 'line-endings',
      rule: 'mixed-line-endings',
      severity: 'info',
      message: `This line ends in ${own}; most lines of the file end in ${others}.`,
      place: { line: odd + 1 },
    }),
  ];
}

function terminatedLines(file: SourceFile): readonly string[] {
  return file.text.endsWith('\n') ? file.lines : file.lines.slice(0, -1);
}
