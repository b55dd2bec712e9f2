import type { Finding } from '../../domain/finding.ts';
import type { Marks } from '../../domain/finding-record.ts';
import { rankOf } from '../conclude.ts';
import { type Hunk, isInsideOne } from '../diff-hunks.ts';
import type { NotInlineReason } from '../leftover-words.ts';
import { comparePlace } from '../order.ts';
import type { FileSides } from '../patch-text.ts';
import { reachOf } from '../reach.ts';
import { offerOf } from '../render-suggestion.ts';
import { deriveSuggestions, type Suggestion } from '../suggestions.ts';
import { fileChange } from './file-change.ts';
import { FindingsOfFile, type PlacedFinding } from './findings-of-file.ts';
import { remarkOn } from './remark.ts';
import { fileSubject, ownChange, type Subject, subjectOf } from './subject.ts';

/** Something that could be said on the diff of a pull request. */
export interface Candidate {
  /** What it is about, by which it is known again after the next push. */
  readonly subject: Subject;
  readonly kind: 'suggestion' | 'remark' | 'file';
  /** Worst first: the rank of its finding, and 1 where no finding speaks of it. */
  readonly rank: number;
  readonly path: string;
  /** Lines of the head file; absent for a comment on the file as a whole. */
  readonly lines?: { readonly startLine: number; readonly endLine: number };
  /**
   * Its Markdown without the mark; undefined where there is nothing to show. Rendered late: making a message safe
   * costs more than most will ever need.
   */
  readonly render: () => string | undefined;
  /** The block in which GitHub offers the edit of a suggestion. */
  readonly offer?: () => string;
  /** What is told of each of its edits where it has no place; a remark has its annotation. */
  readonly edits: readonly NotInlineReason[];
}

/** What the candidates are made from. */
export interface CandidateParts {
  readonly agent: string;
  readonly inline: 'suggestions' | 'findings';
  readonly linkHosts: readonly string[];
  readonly findings: readonly Finding[];
  /** Parallel to `findings`. */
  readonly marks: readonly Marks[];
  readonly files: ReadonlyMap<string, FileSides>;
  readonly hunks: ReadonlyMap<string, readonly Hunk[]>;
}

/** All candidates, worst first, and the edits that can be shown in the check alone. */
export interface Candidates {
  readonly candidates: readonly Candidate[];
  readonly checkOnly: readonly NotInlineReason[];
  /** Paths with edits that cannot be suggestions: what was suggested there before may be one of them now. */
  readonly unclear: ReadonlySet<string>;
}

/**
 * Everything that could be said inline. An edit is a suggestion where that gives exactly the worker's lines, else a
 * part of a diff on its file where GitHub shows the file, else in the check's patch.
 */
export function candidatesOf(parts: CandidateParts): Candidates {
  const findings = findingsByPath(parts.findings);
  const candidates: Candidate[] = [];
  const checkOnly: NotInlineReason[] = [];
  const taken = new Set<number>();
  const unclear = new Set<string>();
  const { near, far, maxEdits } = reachOf(parts.files);
  for (const [path, sides] of near) {
    const { before, after } = sides;
    if (before === null || after === null) {
      // A suggestion can neither make nor remove a file.
      checkOnly.push('whole-file');
      unclear.add(path);
      continue;
    }
    const hunks = parts.hunks.get(path) ?? [];
    const derived = deriveSuggestions({ path, before, after, maxEdits, hunks });
    const here = new FindingsOfFile(findings.get(path) ?? []);
    const lines = linesOnce(before);
    for (const suggestion of derived.suggestions) {
      candidates.push(ofSuggestion(parts, { suggestion, here, lines }));
    }
    for (const at of here.taken) taken.add(at);
    const { leftover } = derived;
    if (leftover.length > 0) unclear.add(path);
    const edits = leftover.map(({ reason }) => reason);
    if (leftover.length === 0 || hunks.length === 0) checkOnly.push(...edits);
    else {
      const subject = fileSubject(parts.agent, path, lines());
      const render = () => fileChange(parts.agent, { path, before, leftover, maxEdits });
      candidates.push({ subject, kind: 'file', rank: 1, path, render, edits });
    }
  }
  const remarks = parts.inline === 'findings' ? remarksOn(parts, taken) : [];
  return {
    candidates: [...candidates, ...remarks].sort((a, b) => a.rank - b.rank),
    checkOnly: [...checkOnly, ...far.map(() => 'too-long' as const)],
    unclear: new Set([...unclear, ...far.map(([path]) => path)]),
  };
}

/** Worst first, then by line. */
function findingsByPath(
  findings: readonly Finding[],
): ReadonlyMap<string, readonly PlacedFinding[]> {
  const placed = findings.map((finding, at) => ({ at, finding }));
  placed.sort(
    (a, b) =>
      rankOf(a.finding.severity) - rankOf(b.finding.severity) || comparePlace(a.finding, b.finding),
  );
  return Map.groupBy(placed, ({ finding }): string => finding.path);
}

/** A suggestion is about the worst finding on its lines; each finding is said once. */
function ofSuggestion(
  parts: CandidateParts,
  {
    suggestion,
    here,
    lines,
  }: {
    readonly suggestion: Suggestion;
    readonly here: FindingsOfFile;
    readonly lines: () => readonly string[];
  },
): Candidate {
  const { path, startLine, endLine } = suggestion;
  const worst = here.worstOn(suggestion);
  const own = here.take(suggestion);
  return {
    subject:
      own === undefined ? ownChange(parts.agent, suggestion, lines()) : subjectOf(parts, own.at),
    kind: 'suggestion',
    rank: worst === undefined ? 1 : rankOf(worst.finding.severity),
    path,
    lines: { startLine, endLine },
    render: () => remarkOn(parts, worst?.finding, suggestion),
    offer: () => offerOf(suggestion),
    edits: ['too-many'],
  };
}

/** Findings on lines that GitHub shows, without those that a suggestion speaks of. */
function remarksOn(parts: CandidateParts, taken: ReadonlySet<number>): Candidate[] {
  return parts.findings.flatMap((finding, at) => {
    const { path, range, severity } = finding;
    if (range === undefined || taken.has(at)) return [];
    const { startLine, endLine } = range;
    if (!isInsideOne(parts.hunks.get(path) ?? [], startLine, endLine)) return [];
    const lines = { startLine, endLine };
    const render = () => remarkOn(parts, finding);
    const subject = subjectOf(parts, at);
    return [{ subject, kind: 'remark', rank: rankOf(severity), path, lines, render, edits: [] }];
  });
}

/** The lines of a file that has suggestions, so of one that is text; cut when somebody asks. */
function linesOnce(bytes: Uint8Array): () => readonly string[] {
  let lines: readonly string[] | undefined;
  return () => {
    lines ??= new TextDecoder().decode(bytes).split('\n');
    return lines;
  };
}
