import { hasHiddenCharacters } from '../domain/hidden-characters.ts';
import { type AnchoredEdits, anchorEdits } from './anchor-edits.ts';
import type { Hunk } from './diff-hunks.ts';
import { editsBetween, type LineEdit } from './line-edits.ts';
import { splitLines } from './text-lines.ts';
import { type Claim, editWithin, keepReproduced } from './verify-suggestions.ts';

/** Replaces lines `startLine`…`endLine` (1-based, inclusive) of the head file. */
export interface Suggestion {
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
  /** The new lines, each ended by `\n`; empty to delete the range. Byte for byte the sandbox's text. */
  readonly replacement: string;
}

/** Why an edit cannot be a suggestion. */
export type LeftoverReason =
  | 'outside-diff'
  | 'not-utf8'
  | 'line-endings'
  | 'final-newline'
  | 'hidden-characters'
  | 'too-long'
  | 'unverified';

/** An edit that is not a suggestion; a whole file is one with no lines. It is still part of the patch. */
export interface LeftoverEdit extends LineEdit {
  readonly reason: LeftoverReason;
}

/** The suggestions for one file, and what could not be one. */
export interface Derived {
  readonly suggestions: readonly Suggestion[];
  readonly leftover: readonly LeftoverEdit[];
}

/** Both files together, in bytes: a suggestion in a larger file is of no use to a reader. */
const maxBytes = 8 * 1024 * 1024;

/** Longest replacement in UTF-16 units: leaves room for the message in GitHub's 65,536 (undocumented, observed). */
const maxReplacementLength = 40_000;

/**
 * Every edit from `before` to `after` as a suggestion on the head file's diff, or as a leftover with its
 * reason. Each suggestion is re-applied in memory, alone and with the others, as GitHub applies it;
 * what does not give exactly the edited lines is never a suggestion.
 */
export function deriveSuggestions(file: {
  readonly path: string;
  readonly before: Uint8Array;
  readonly after: Uint8Array;
  readonly hunks: readonly Hunk[];
  /** See `editsBetween`; its own limit unless told. */
  readonly maxEdits?: number;
}): Derived {
  if (file.before.length + file.after.length > maxBytes) return wholeFile('too-long');
  const before = splitLines(file.before);
  const after = splitLines(file.after);
  if (before.kind === 'binary' || after.kind === 'binary') return wholeFile('not-utf8');
  const edits = editsBetween(before.lines, after.lines, file.maxEdits);
  // What GitHub does with CR when it applies a suggestion is undocumented, and people report files whose
  // endings changed (LexiFi/dead_code_analyzer#71, w3c-fedid/digital-credentials#572): never risk it.
  const hasCarriageReturn = [before.lines, after.lines].flat().some((line) => line.includes('\r'));
  if (hasCarriageReturn) return { suggestions: [], leftover: leave(edits, 'line-endings') };
  return represent({ ...file, before: before.lines, after: after.lines, edits });
}

function wholeFile(reason: LeftoverReason): Derived {
  return { suggestions: [], leftover: [{ startLine: 1, removed: [], added: [], reason }] };
}

function leave(edits: readonly LineEdit[], reason: LeftoverReason): LeftoverEdit[] {
  return edits.map((edit) => ({ ...edit, reason }));
}

function represent(file: {
  readonly path: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly edits: readonly LineEdit[];
  readonly hunks: readonly Hunk[];
}): Derived {
  const { anchored, outside } = anchorEdits(file.edits, file.before, file.hunks);
  const leftover = leave(outside, 'outside-diff');
  const claims: Claim<Suggestion>[] = [];
  for (const group of anchored) {
    const suggestion = suggest(file.path, file.before, group);
    const reason = obstacle(file.before, suggestion);
    if (reason === undefined) claims.push({ suggestion, edits: group.edits });
    else for (const edit of leave(group.edits, reason)) leftover.push(edit);
  }
  const kept = keepReproduced(file, claims);
  const made = new Set(kept.flatMap((claim) => claim.edits));
  const dropped = claims.flatMap((claim) => claim.edits).filter((edit) => !made.has(edit));
  const suggestions = kept.map((claim) => claim.suggestion);
  return { suggestions, leftover: [...leftover, ...leave(dropped, 'unverified')] };
}

function suggest(path: string, lines: readonly string[], group: AnchoredEdits): Suggestion {
  const { startLine, endLine, edits } = group;
  const replacement = editWithin(lines.slice(startLine - 1, endLine), startLine, edits);
  return { path, startLine, endLine, replacement };
}

/** What keeps these lines out of a fenced block, if anything does. */
function obstacle(lines: readonly string[], suggestion: Suggestion): LeftoverReason | undefined {
  const { startLine, endLine, replacement } = suggestion;
  const replaced = lines.slice(startLine - 1, endLine);
  // GitHub's web commits are known to add a final newline (isaacs/github#1469).
  const isTerminated = [...replaced, replacement].every(
    (text) => text === '' || text.endsWith('\n'),
  );
  if (!isTerminated) return 'final-newline';
  // A suggestion is applied by a click: what a person cannot see must not come with it (CVE-2021-42574).
  // This also covers NUL, which GitHub would drop, and a byte-order mark that would be added or removed.
  const visible = replaced[0]?.startsWith('\ufeff') === true ? `\ufeff${replacement}` : replacement;
  if (hasHiddenCharacters(visible)) return 'hidden-characters';
  return replacement.length > maxReplacementLength ? 'too-long' : undefined;
}
