import type { Finding } from '../domain/finding.ts';
import type { ReviewComment } from '../ports/github.ts';
import { rankOf } from './conclude.ts';
import type { Hunk } from './diff-hunks.ts';
import type { NotInlineReason } from './leftover-words.ts';
import { compareText, inOrder } from './order.ts';
import type { FileSides } from './patch-text.ts';
import { renderSuggestion } from './render-suggestion.ts';
import { safeCode, safeText } from './sanitise.ts';
import { deriveSuggestions, type Suggestion } from './suggestions.ts';

/** GitHub refuses longer comments with "body is too long" (observed, undocumented). */
const maxBodyLength = 65_536;
const maxMessageLength = 4_000;

/** The inline comments of a review, and for each edit that stays out of it the reason. */
export interface PlannedComments {
  readonly comments: readonly ReviewComment[];
  readonly notInline: readonly NotInlineReason[];
}

/**
 * A comment for each suggestion, those on the worst findings first, at most `maxComments`. An edit that is
 * no suggestion, a suggestion too many and one too long for a comment are not inline.
 */
export function planComments(review: {
  readonly agent: string;
  readonly maxComments: number;
  readonly findings: readonly Finding[];
  readonly files: ReadonlyMap<string, FileSides>;
  readonly hunks: ReadonlyMap<string, readonly Hunk[]>;
}): PlannedComments {
  const { suggestions, notInline } = suggestAll(review.files, review.hunks);
  const findings = inOrder(review.findings);
  const ranked = suggestions
    .map((suggestion) => toRanked(suggestion, findings, review.agent))
    .sort((a, b) => a.rank - b.rank);
  const fitting = ranked.filter(({ comment }) => comment.body.length <= maxBodyLength);
  const comments = fitting.slice(0, review.maxComments).map(({ comment }) => comment);
  return {
    comments,
    notInline: [
      ...notInline,
      ...repeated('too-long', ranked.length - fitting.length),
      ...repeated('too-many', fitting.length - comments.length),
    ],
  };
}

function repeated(reason: NotInlineReason, count: number): NotInlineReason[] {
  return Array.from({ length: count }, () => reason);
}

function suggestAll(
  files: ReadonlyMap<string, FileSides>,
  hunks: ReadonlyMap<string, readonly Hunk[]>,
): { suggestions: Suggestion[]; notInline: NotInlineReason[] } {
  const suggestions: Suggestion[] = [];
  const notInline: NotInlineReason[] = [];
  for (const [path, { before, after }] of [...files].sort(([a], [b]) => compareText(a, b))) {
    if (before === null || after === null) {
      // A suggestion can neither make nor remove a file.
      notInline.push('whole-file');
      continue;
    }
    const derived = deriveSuggestions({ path, before, after, hunks: hunks.get(path) ?? [] });
    suggestions.push(...derived.suggestions);
    notInline.push(...derived.leftover.map((edit) => edit.reason));
  }
  return { suggestions, notInline };
}

function toRanked(suggestion: Suggestion, findings: readonly Finding[], agent: string) {
  const { path, startLine, endLine } = suggestion;
  const finding = findings.find((one) => overlaps(one, suggestion));
  const message =
    finding === undefined ? `Suggested change by ${safeCode(agent)}` : describe(finding);
  const body = renderSuggestion(suggestion, message);
  const comment: ReviewComment =
    startLine === endLine
      ? { path, line: endLine, body }
      : { path, startLine, line: endLine, body };
  return { rank: finding === undefined ? 1 : rankOf(finding.severity), comment };
}

function overlaps(finding: Finding, suggestion: Suggestion): boolean {
  if (finding.path !== suggestion.path || finding.range === undefined) return false;
  const { startLine, endLine } = finding.range;
  return startLine <= suggestion.endLine && endLine >= suggestion.startLine;
}

function describe(finding: Finding): string {
  const message = safeText(finding.message, maxMessageLength);
  return `${safeCode(`${finding.tool}: ${finding.rule}`)} ${message}`;
}
