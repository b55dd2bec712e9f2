import { z } from 'zod';
import { isAnalyser } from '../domain/analysers.ts';
import { Digest, type TaskId } from '../domain/ids.ts';
import type { Task } from '../domain/task.ts';
import type { EffectiveTask } from '../policy/effective-policy.ts';
import type { PullRequest } from '../ports/github.ts';
import type { Store } from '../ports/store.ts';
import type { PromptSubject } from '../prompt/prompt-parts.ts';

type Ports = { readonly store: Pick<Store, 'steps' | 'artifacts'> };

/** Title and text as they were when the task was planned, or let run. */
const Kept = z.object({ title: z.string(), body: z.string() });

const step = 'subject';

/** A task that is planned, and what it is about. */
interface Plan {
  readonly taskId: TaskId;
  readonly rules: Pick<EffectiveTask, 'agent'>;
  readonly pullRequest: Pick<PullRequest, 'title' | 'body'>;
}

/**
 * Keeps title and text of a pull request or issue for the agent: what was there when the task was planned, or what was looked
 * at by whoever let it run, and not what its author makes of it afterwards. Returns their digest; null for an analyser, which reads neither.
 */
export async function keepSubject(
  { store }: Ports,
  { taskId, rules, pullRequest: { title, body } }: Plan,
): Promise<Digest | null> {
  if (isAnalyser(rules.agent)) return null;
  const digest = await store.artifacts.put(Buffer.from(JSON.stringify({ title, body })));
  await store.steps.finish(taskId, step, digest);
  return digest;
}

/** What the task is about, as it was kept; null where nothing was, as by an older version. */
export async function keptSubject(
  { store }: Ports,
  { id, subjectKind: kind }: Pick<Task, 'id' | 'subjectKind'>,
): Promise<PromptSubject | null> {
  const digest = await store.steps.find(id, step);
  if (digest === undefined) return null;
  const bytes = await store.artifacts.get(Digest.parse(digest));
  return { kind, ...Kept.parse(JSON.parse(Buffer.from(bytes).toString('utf8'))) };
}
