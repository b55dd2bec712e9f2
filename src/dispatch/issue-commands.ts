import type { Command } from '../commands/command.ts';
import type { EffectivePolicy, EffectiveTask } from '../policy/effective-policy.ts';
import { findRules, purposeOf } from '../policy/rules-of.ts';

/** Commands that say nothing on an issue: there is no head to review, and nothing starts there by itself. */
export const forPullRequests: ReadonlySet<string> = new Set<Command['name']>([
  'review',
  'run',
  'dismiss',
  'pause',
  'resume',
  'explain',
]);

/** Is this a task that starts on an issue? Nothing else has anything to work on there. */
export function startsOnIssue(task: string, rules: EffectiveTask): boolean {
  return isTriage(task, rules) || task === 'fix';
}

/** Is it for issues alone? */
export function isTriage(task: string, rules: EffectiveTask): boolean {
  return purposeOf(task, rules) === 'triage';
}

/** Is a command for pull requests alone? `run` is not where it names a task that starts on an issue. */
export function isForPullRequests(command: Command, policy: EffectivePolicy): boolean {
  const rules = command.name === 'run' ? findRules(policy, command.task) : undefined;
  if (command.name === 'run' && rules !== undefined && isTriage(command.task, rules)) return false;
  return forPullRequests.has(command.name);
}

/** The answer to one of them. */
export function onlyForPullRequests(name: Command['name']): string {
  return `\`${name}\` is for pull requests; this is an issue.`;
}
