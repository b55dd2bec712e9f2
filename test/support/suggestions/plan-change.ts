import type { Finding } from '../../../src/domain/finding.ts';
import { RepoPath } from '../../../src/domain/repo-path.ts';
import type { ReviewComment } from '../../../src/ports/github.ts';
import type { NotInlineReason } from '../../../src/report/leftover-words.ts';
import { planComments } from '../../../src/report/review-comments.ts';
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
  const { comments, notInline } = planComments({
    agent: 'worker',
    maxComments: Number.POSITIVE_INFINITY,
    linkHosts: [],
    findings: change.findings.map(([line, message]) => findingOn(path, line, message)),
    files: new Map([[path, sides]]),
    hunks: new Map([[path, change.hunks]]),
  });
  const posted = comments.map(asGitHubReads).sort((a, b) => a.startLine - b.startLine);
  const lines = new Set(posted.map((one) => one.startLine));
  const unposted = suggestions.filter((one) => !lines.has(one.startLine));
  return { posted, unposted, leftover, notInline };
}

function findingOn(path: RepoPath, line: number, message: string): Finding {
  const range = { startLine: line, endLine: line };
  return { tool: 'worker', rule: 'rule', severity: 'warning', path, range, message };
}

/** @throws Error for a range that GitHub would refuse, and for a comment without a closed suggestion */
function asGitHubReads({ line, startLine, body }: ReviewComment): Commitable {
  if (startLine !== undefined && startLine >= line)
    throw new Error(`a comment starts on line ${startLine} and ends on ${line}`);
  return { startLine: startLine ?? line, endLine: line, replacement: readSuggestionBlock(body) };
}
