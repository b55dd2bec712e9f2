import type { Command } from '../commands/command.ts';

/** Commands that say nothing on an issue: there is no head to review, and nothing starts there by itself. */
export const forPullRequests: ReadonlySet<string> = new Set<Command['name']>([
  'review',
  'run',
  'dismiss',
  'pause',
  'resume',
  'explain',
]);

/** Is this the task that starts on an issue? Nothing else has anything to work on there. */
export function startsOnIssue(task: string): boolean {
  return task === 'fix';
}

/** The answer to one of them. */
export function onlyForPullRequests(name: Command['name']): string {
  return `\`${name}\` is for pull requests; this is an issue.`;
}
