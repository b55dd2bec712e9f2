import type { Finding } from '../domain/finding.ts';
import type { ReviewComment } from '../ports/github.ts';
import { rankOf } from './conclude.ts';
import type { Hunk } from './diff-hunks.ts';
import type { NotInlineReason } from './leftover-words.ts';
import { inOrder } from './order.ts';
import type { FileSides } from './patch-text.ts';
import { reachOf } from './reach.ts';
import { renderSuggestion } from './render-suggestion.ts';
import { safeMarkdown } from './safe-markdown.ts';
import { safeCode } from './sanitise.ts';
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
  /** To which links in messages work. */
  readonly linkHosts: readonly string[];
  readonly findings: readonly Finding[];
  readonly files: ReadonlyMap<string, FileSides>;
  readonly hunks: ReadonlyMap<string, readonly Hunk[]>;
}): PlannedComments {
  const { suggestions, notInline } = suggestAll(review.files, review.hunks);
  const findings = Map.groupBy(inOrder(review.findings), ({ path }): string => path);
  const ranked = suggestions
    .map((suggestion) => toRanked(suggestion, findings.get(suggestion.path) ?? []))
    .sort((a, b) => a.rank - b.rank);
  const comments: ReviewComment[] = [];
  let tooLong = 0;
  // Rendered one after the other: making a message safe costs far more than most will ever be shown.
  for (const one of ranked) {
    if (comments.length === review.maxComments) break;
    const comment = toComment(one, review);
    if (comment.body.length > maxBodyLength) tooLong += 1;
    else comments.push(comment);
  }
  return {
    comments,
    notInline: [
      ...notInline,
      ...repeated('too-long', tooLong),
      ...repeated('too-many', ranked.length - comments.length - tooLong),
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
  const { near, far, maxEdits } = reachOf(files);
  for (const [path, { before, after }] of near) {
    if (before === null || after === null) {
      // A suggestion can neither make nor remove a file.
      notInline.push('whole-file');
      continue;
    }
    const derived = deriveSuggestions({
      path,
      before,
      after,
      maxEdits,
      hunks: hunks.get(path) ?? [],
    });
    for (const suggestion of derived.suggestions) suggestions.push(suggestion);
    for (const { reason } of derived.leftover) notInline.push(reason);
  }
  return { suggestions, notInline: [...notInline, ...repeated('too-long', far.length)] };
}

interface Ranked {
  readonly suggestion: Suggestion;
  /** The worst finding on its lines. */
  readonly finding: Finding | undefined;
  readonly rank: number;
}

function toRanked(suggestion: Suggestion, findings: readonly Finding[]): Ranked {
  const finding = findings.find((one) => overlaps(one, suggestion));
  return { suggestion, finding, rank: finding === undefined ? 1 : rankOf(finding.severity) };
}

type Told = Pick<Parameters<typeof planComments>[0], 'agent' | 'linkHosts'>;

function toComment({ suggestion, finding }: Ranked, { agent, linkHosts }: Told): ReviewComment {
  const { path, startLine, endLine } = suggestion;
  const message =
    finding === undefined ? `Suggested change by ${safeCode(agent)}` : describe(finding, linkHosts);
  const body = renderSuggestion(suggestion, message);
  return startLine === endLine
    ? { path, line: endLine, body }
    : { path, startLine, line: endLine, body };
}

function overlaps(finding: Finding, suggestion: Suggestion): boolean {
  if (finding.range === undefined) return false;
  const { startLine, endLine } = finding.range;
  return startLine <= suggestion.endLine && endLine >= suggestion.startLine;
}

function describe(finding: Finding, linkHosts: readonly string[]): string {
  const message = safeMarkdown(finding.message, maxMessageLength, { linkHosts });
  return `${safeCode(`${finding.tool}: ${finding.rule}`)}\n\n${message}`;
}
