import type { PolicyChange } from '../../policy/compare.ts';
import { counted } from '../counted.ts';
import { fitItems } from '../fit-items.ts';
import { safeText } from '../sanitise.ts';

/** Bytes of the table; the whole summary stays below GitHub's 65,535. */
const maxTableBytes = 40_000;
const maxValueLength = 300;

const words: Readonly<Record<PolicyChange['direction'], string>> = {
  looser: 'loosens',
  tighter: 'tightens',
  other: 'changes',
};

/** `Loosens 2 values, tightens 1`: what the change does, in a title of seven words at most. */
export function changeTitle(changes: readonly PolicyChange[]): string {
  const parts = (['looser', 'tighter', 'other'] as const).flatMap((direction) => {
    const count = changes.filter((change) => change.direction === direction).length;
    return count === 0 ? [] : [{ word: words[direction], count }];
  });
  const [first, ...others] = parts;
  if (first === undefined) return 'Changes no value of the policy';
  const rest = others.map(({ word, count }) => `, ${word} ${count}`);
  const title = `${first.word} ${counted(first.count, 'value')}${rest.join('')}`;
  return `${title.charAt(0).toUpperCase()}${title.slice(1)}`;
}

/** The values that a change touches, what loosens first; hostile text cannot leave its cell. */
export function changesTable(changes: readonly PolicyChange[]): string {
  if (changes.length === 0) return 'It says the same as before.\n';
  const rows = changes.map(
    ({ path, before, after, direction }) =>
      `| ${words[direction]} | ${cell(path)} | ${shown(before)} | ${shown(after)} |\n`,
  );
  const { kept, cut } = fitItems(rows, maxTableBytes);
  const note = cut === 0 ? '' : `\n… and ${cut} more.\n`;
  return `| | value | before | after |\n| --- | --- | --- | --- |\n${kept.join('')}${note}`;
}

/** What is not said is as the layer above has it. */
function shown(value: unknown): string {
  return value === undefined ? 'as above' : cell(JSON.stringify(value));
}

function cell(text: string): string {
  return safeText(text, maxValueLength);
}
