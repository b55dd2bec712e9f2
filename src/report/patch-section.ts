import { fitItems } from './fit-items.ts';
import { type FileSides, patchHeader, patchPieces } from './patch-text.ts';
import { reachOf } from './reach.ts';
import { fenced } from './render-suggestion.ts';
import { findSecret } from './secret-scan.ts';

/** GitHub's limit is 65,535 (OpenAPI, checks/create); the rest is for heading, fences and note. */
const maxPatchBytes = 60_000;

/**
 * The patch as a fenced diff under a heading, cut to whole hunks with a count; empty without changes.
 * `maxBytes` is of its hunks; what a check run takes when left out. A patch may take a secret out of a file, or
 * stand beside one that was there before: no fault of the task's, but lines that have been nobody's to see.
 */
export function patchText(files: ReadonlyMap<string, FileSides>, maxBytes = maxPatchBytes): string {
  const patch = fencedPatch(files, maxBytes);
  const isSecret = findSecret(patch, { canary: null, own: [] }) !== undefined;
  return isSecret
    ? '### Patch\n\nThe patch is not shown: there is a secret in it, or in what it takes out.'
    : patch;
}

function fencedPatch(files: ReadonlyMap<string, FileSides>, maxBytes: number): string {
  const { near, far, maxEdits } = reachOf(files);
  const pieces = [
    ...near.flatMap(([path, sides]) => patchPieces(path, sides, maxEdits)),
    ...far.map(([path, sides]) => `${patchHeader(path, sides)}(too long to be shown)\n`),
  ].map(withoutLongRuns);
  if (pieces.length === 0) return '';
  const { kept, cut } = fitItems(pieces, maxBytes);
  const note = cut === 0 ? '' : `\n\n**${cut} more pieces of the patch are not shown here.**`;
  return `### Patch\n\n${fenced('diff', kept.join(''))}${note}`;
}

const longRun = '`'.repeat(1_000);

/** A fence is longer than any run of backticks in it: one absurd run must not push the rest over the limit. */
function withoutLongRuns(piece: string): string {
  return piece.includes(longRun) ? '@@ not shown: more than 1,000 backticks in a row @@\n' : piece;
}
