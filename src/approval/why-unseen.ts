import { isAnalyser } from '../domain/analysers.ts';
import type { EffectiveTask } from '../policy/effective-policy.ts';
import type { PullRequest } from '../ports/github.ts';
import type { DecisionRequest } from './decision-event.ts';

/**
 * Why whoever let a run start may not have seen what its agent would be told: title and text are in no commit, and their
 * author may change them at any time. GitHub tells one time for whatever changed. Undefined while they have, and for
 * an analyser, which reads neither.
 */
export function whyUnseen(
  { task, saidAtMs }: Pick<DecisionRequest, 'task' | 'saidAtMs'>,
  { agent }: Pick<EffectiveTask, 'agent'>,
  { updatedAtMs }: Pick<PullRequest, 'updatedAtMs'>,
): string | undefined {
  if (isAnalyser(agent) || updatedAtMs <= saidAtMs) return undefined;
  const what = task.subjectKind === 'issue' ? 'issue' : 'pull request';
  return `The ${what} has changed since that was decided: look at its title and text again, and then decide.`;
}
