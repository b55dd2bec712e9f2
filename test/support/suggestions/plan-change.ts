import type { Finding } from '../../../src/domain/finding.ts';
import { marksOf } from '../../../src/domain/fingerprint.ts';
import { RepoPath } from '../../../src/domain/repo-path.ts';
import { candidatesOf } from '../../../src/report/inline/candidates.ts';
import { type ChosenComment, choose } from '../../../src/report/inline/choose.ts';
import type { NotInlineReason } from '../../../src/report/leftover-words.ts';
import { deriveSuggestions, type LeftoverEdit } from '../../../src/report/suggestions.ts';
import { readSuggestionBlock } from '../markdown/suggestion-block.ts';
import type { Commitable } from './commit.ts';
import type { ShownChange } from './played-change.ts';

/** What becomes of a worker's change. */
export interface PlannedChange {
  /** Read out of the Markdown of the comments, in the order of their lines. */
  readonly posted: readonly Commitable[];
  /** Suggestions that no comment has room for. */
  readonly unposted: readonly Commitable[];
  readonly leftover: readonly LeftoverEdit[];
  /** What the report says of all that is not inline. */
  readonly notInline: readonly NotInlineReason[];
}

/** Plans the review of one changed file with the product's code. */
export function planChange(change: ShownChange): PlannedChange {
  const path = RepoPath.parse(change.path);
  const sides = { before: Buffer.from(change.head), after: Buffer.from(change.fixed) };
  const { suggestions, leftover } = deriveSuggestions({ ...change, ...sides });
  const findings = change.findings.map(([line, message]) => findingOn(path, line, message));
  const { candidates, checkOnly } = candidatesOf({
    agent: 'worker',
    inline: 'suggestions',
    linkHosts: [],
    findings,
    marks: findings.map((one) => marksOf(one, undefined)),
    files: new Map([[path, sides]]),
    hunks: new Map([[path, change.hunks]]),
  });
  const known = candidates
    .filter(({ kind }) => kind === 'suggestion')
    .map((candidate, at) => ({
      candidate,
      id: at.toString(16).padStart(12, '0'),
      fate: 'fresh' as const,
      isShown: false,
      isStale: false,
    }));
  const { comments, notInline } = choose(known, { most: Number.POSITIVE_INFINITY, open: 0 });
  const posted = comments.map(asGitHubReads).sort((a, b) => a.startLine - b.startLine);
  const lines = new Set(posted.map((one) => one.startLine));
  const unposted = suggestions.filter((one) => !lines.has(one.startLine));
  const files = candidates.filter(({ kind }) => kind === 'file').flatMap(({ edits }) => edits);
  return { posted, unposted, leftover, notInline: [...checkOnly, ...files, ...notInline] };
}

function findingOn(path: RepoPath, line: number, message: string): Finding {
  const range = { startLine: line, endLine: line };
  return { tool: 'worker', rule: 'rule', severity: 'warning', path, range, message };
}

/** @throws Error for a comment without a closed suggestion */
function asGitHubReads({ candidate: { lines }, body }: ChosenComment): Commitable {
  if (lines === undefined) throw new Error('a suggestion on no lines');
  return { ...lines, replacement: readSuggestionBlock(body) };
}
