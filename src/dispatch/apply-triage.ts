import { z } from 'zod';
import type { Outcome } from '../domain/outcome.ts';
import type { Task } from '../domain/task.ts';
import { allowedTriage } from '../policy/decide/triage.ts';
import type { EffectiveTask } from '../policy/effective-policy.ts';
import { refusedCodes, unlessRefused } from '../report/publish.ts';
import { appendOnce } from './append-once.ts';
import type { Context } from './context.ts';

const step = 'labels';
const Labels = z.array(z.string());

/**
 * Puts the labels of a triage on its issue, once: of those that the policy names, the ones that the repository has.
 * None is made, and none is taken off. A label that somebody takes off again does not come back.
 */
export async function applyTriage(
  context: Context,
  task: Task,
  { rules, outcome }: { readonly rules: EffectiveTask; readonly outcome: Outcome },
): Promise<void> {
  if (outcome.triage === undefined || task.subjectKind !== 'issue') return;
  const { store, github, ledger } = context;
  if ((await store.steps.find(task.id, step)) !== undefined) return;
  const { labels: wanted, answer, refused } = allowedTriage(outcome.triage, rules);
  let labels: readonly string[] = [];
  const { repository, pullRequest: number } = task;
  await unlessRefused(refusedCodes, async () => {
    const there = await github.issues.existingLabels(repository, wanted);
    if (there.length > 0) await github.issues.addLabels(repository, number, there);
    labels = there;
  });
  await appendOnce(ledger, {
    type: 'issue.triaged',
    taskId: task.id,
    data: { labels: [...labels], refused: [...refused], isAnswered: answer !== null },
  });
  await store.steps.finish(task.id, step, JSON.stringify(labels));
}

/** The labels that a triage put on its issue. */
export async function labelsPut(
  { store }: Pick<Context, 'store'>,
  { id }: Task,
): Promise<string[]> {
  const kept = await store.steps.find(id, step);
  return kept === undefined ? [] : Labels.parse(JSON.parse(kept));
}
