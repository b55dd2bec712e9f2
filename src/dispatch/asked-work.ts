import { z } from 'zod';
import { Digest, type TaskId } from '../domain/ids.ts';
import type { Store } from '../ports/store.ts';
import { PriorFinding } from '../protocol/task-input.ts';

/** Most texts of others: a first one, and what was said to it last. */
export const maxEvidence = 10;

/** Text of others that a task is to answer: a check that failed, a review thread. Hostile. */
const Evidence = z.strictObject({
  title: z.string().max(300),
  text: z.string().max(20_000),
  /** Whose word it is; absent: that of no person, or of somebody whom nothing is known of. */
  from: z.enum(['member', 'outsider']).optional(),
});

/** What a task was asked to work on, as it was when it was asked. */
export const AskedWork = z.strictObject({
  /** Findings on the pull request, and annotations of checks. */
  findings: z.array(PriorFinding).max(200),
  evidence: z.array(Evidence).max(maxEvidence),
});
export type AskedWork = z.infer<typeof AskedWork>;

/** Asked of nothing in particular. */
export const nothingAsked: AskedWork = { findings: [], evidence: [] };

const step = 'asked';

type Ports = { readonly store: Pick<Store, 'steps' | 'artifacts'> };

/** Keeps what a task is asked to work on: nobody edits it between an approval and the run. Its digest; null for nothing. */
export async function keepAsked(
  { store }: Ports,
  taskId: TaskId,
  asked: AskedWork,
): Promise<Digest | null> {
  if (asked.findings.length + asked.evidence.length === 0) return null;
  const digest = await store.artifacts.put(Buffer.from(JSON.stringify(AskedWork.parse(asked))));
  await store.steps.finish(taskId, step, digest);
  return digest;
}

/** What the task was asked to work on. */
export async function keptAsked({ store }: Ports, taskId: TaskId): Promise<AskedWork> {
  const digest = await store.steps.find(taskId, step);
  if (digest === undefined) return nothingAsked;
  const bytes = await store.artifacts.get(Digest.parse(digest));
  return AskedWork.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
}
