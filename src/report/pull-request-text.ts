import type { Outcome } from '../domain/outcome.ts';
import type { Task } from '../domain/task.ts';
import { counted } from './counted.ts';
import { section } from './fit-items.ts';
import { safeCode } from './sanitise.ts';

/** Bytes for the list of files. */
const maxFileBytes = 10_000;

/** What a pull request for an issue is made from. */
export interface PullRequestParts {
  readonly task: Task;
  readonly outcome: Outcome;
  /** Logins of those who approved the patch. */
  readonly approvers: readonly string[];
  /** Has the default branch got commits since the task was planned? */
  readonly hasMoved: boolean;
}

/**
 * Title and body of the pull request that brings an approved patch for an issue. They close nothing: whether the
 * issue is done with is for people to say. Nothing of the issue but its number is in them: a title becomes a
 * commit's message, and "closes" or a mention in one that a stranger wrote would act when it is merged. Logins
 * stand in code, so that nobody is pinged.
 */
export function pullRequestText(parts: PullRequestParts): {
  readonly title: string;
  readonly body: string;
} {
  const { task, outcome, approvers, hasMoved } = parts;
  const files = counted(outcome.changes.length, 'file');
  const moved = hasMoved ? ' The default branch has got other commits since.' : '';
  return {
    title: `Apply fixes to ${files} for issue #${task.pullRequest}`,
    body: [
      `For issue #${task.pullRequest}, which stays open when this is merged.`,
      `Asked for by ${safeCode(task.requestedBy.login)}, approved by ${approvers.map(safeCode).join(', ')}.`,
      `Made in a sandbox on commit \`${task.baseSha}\`.${moved}`,
      section(
        'Files',
        outcome.changes.map(({ path }) => safeCode(path)),
        maxFileBytes,
      ),
      `Task \`${task.id}\`, patch \`${String(task.patchDigest)}\`.`,
    ].join('\n\n'),
  };
}
