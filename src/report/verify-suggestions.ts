import { applySuggestions, type Replacement } from './apply-suggestions.ts';
import { applyEdits, type LineEdit } from './line-edits.ts';

/** A suggestion and the edits that it claims to make. */
export interface Claim<S extends Replacement> {
  readonly suggestion: S;
  readonly edits: readonly LineEdit[];
}

/**
 * The claims that hold: applied alone, each gives its edits and nothing else. None holds when `edits` do
 * not turn `before` into `after`, or when the claims that hold alone give something else together.
 */
export function keepReproduced<S extends Replacement>(
  file: {
    readonly before: readonly string[];
    readonly after: readonly string[];
    readonly edits: readonly LineEdit[];
  },
  claims: readonly Claim<S>[],
): readonly Claim<S>[] {
  if (applyEdits(file.before, file.edits).join('') !== file.after.join('')) return [];
  const kept = claims.filter((claim) => holdsAlone(file.before, claim));
  const text = file.before.join('');
  const together = applySuggestions(
    text,
    kept.map((claim) => claim.suggestion),
  );
  const claimed = new Set(kept.flatMap((claim) => claim.edits));
  const expected = applyEdits(
    file.before,
    file.edits.filter((edit) => claimed.has(edit)),
  );
  return together === expected.join('') ? kept : [];
}

/** Checked on the suggestion's own lines only, or many suggestions in a long file would take for ever. */
function holdsAlone(before: readonly string[], claim: Claim<Replacement>): boolean {
  const { startLine, endLine, replacement } = claim.suggestion;
  const own = before.slice(startLine - 1, endLine);
  const suggestion = { startLine: 1, endLine: own.length, replacement };
  return applySuggestions(own.join(''), [suggestion]) === editWithin(own, startLine, claim.edits);
}

/** The text of `lines`, whose first is line `startLine` of the file, with the file's `edits` made. */
export function editWithin(
  lines: readonly string[],
  startLine: number,
  edits: readonly LineEdit[],
): string {
  const shifted = edits.map((edit) => ({ ...edit, startLine: edit.startLine - startLine + 1 }));
  return applyEdits(lines, shifted).join('');
}
