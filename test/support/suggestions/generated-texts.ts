import * as fc from 'fast-check';
import { linesOf } from './commit.ts';
import { lineContent, lineEndings, onceIn, roughContent } from './generated-lines.ts';

/** Lines of the longest file. */
export const mostLines = 24;

/** The text of a file; a few have CRs, hidden characters, a byte-order mark or no final newline. */
export const fileText = fc
  .record({
    lines: fc.array(lineContent, { maxLength: mostLines, size: 'max' }),
    rough: onceIn(10, fc.tuple(fc.nat(mostLines), roughContent)),
    endings: lineEndings,
    isNumbered: fc.boolean(),
    isOpen: onceIn(4, fc.constant(true)),
    mark: onceIn(12, fc.constant('\ufeff')),
  })
  .map(({ lines, rough, endings, isNumbered, isOpen, mark }) => {
    // Lines that differ give a diff other places to hold on to than lines that repeat.
    const contents = lines.map((line, at) => (isNumbered ? `${line} ${at}` : line));
    if (rough !== null) contents.splice(rough[0], 0, rough[1]);
    const text = contents.map((line, at) => `${line}${endings[at % endings.length]}`).join('');
    return `${mark ?? ''}${isOpen === null ? text : text.replace(/\r*\n$/, '')}`;
  });

type LineChange = readonly [at: number, count: number, added: readonly string[]];
type Turn = (text: string) => string;

/** Changes of lines: before the first and after the last ones are common. */
const lineChanges: fc.Arbitrary<readonly LineChange[]> = fc.array(
  fc.tuple(
    fc.oneof(
      { weight: 5, arbitrary: fc.nat(mostLines) },
      { weight: 1, arbitrary: fc.constantFrom(0, 1, 1_000) },
    ),
    fc.nat(3),
    fc.array(
      fc.oneof({ weight: 60, arbitrary: lineContent }, { weight: 1, arbitrary: roughContent }),
      {
        maxLength: 3,
      },
    ),
  ),
  { maxLength: 5 },
);

/** What editors and formatters do to a whole file. */
const wholeTurns: readonly Turn[] = [
  (text) => text.replace(/\r?\n/g, '\r\n'),
  (text) => text.replaceAll('\r\n', '\n'),
  (text) => `\ufeff${text}`,
  (text) => text.replace(/^\ufeff/, ''),
  (text) => (text.endsWith('\n') ? text : `${text}\n`),
  (text) => text.replace(/\n+$/, ''),
  (text) => text.replaceAll('\t', '    '),
  (text) => text.replace(/[ \t]+$/gm, ''),
  (text) => text.replace(/^/gm, '\t'),
  (text) => linesOf(text).sort().join(''),
  (text) => linesOf(text).reverse().join(''),
  (text) => `${text}${text}`,
  (text) => text.replace(/\n{2,}/g, '\n'),
  () => '',
];

/** What a person or a tool does to a file: removes, inserts and rewrites lines, now and then the whole of it. */
export const turn: fc.Arbitrary<Turn> = fc
  .tuple(lineChanges, onceIn(12, fc.constantFrom(...wholeTurns)))
  .map(
    ([changes, whole]): Turn =>
      (text) => {
        const made = changed(text, changes);
        return whole === null ? made : whole(made);
      },
  );

function changed(text: string, changes: readonly LineChange[]): string {
  // New lines end as the others do.
  const ending = /\r\n/.test(text) ? '\r\n' : '\n';
  const lines = linesOf(text);
  for (const [at, count, added] of changes)
    lines.splice(at, count, ...added.map((line) => `${line}${ending}`));
  return lines.join('');
}
