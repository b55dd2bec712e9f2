import { settleTask } from '../../../src/dispatch/settle-task.ts';
import { Finding } from '../../../src/domain/finding.ts';
import type { Marks } from '../../../src/domain/finding-record.ts';
import { CommitSha } from '../../../src/domain/ids.ts';
import type { Task } from '../../../src/domain/task.ts';
import { findingIdIn } from '../../../src/report/inline/marker.ts';
import { setBranch, storedTask } from './fix-scene.ts';
import { headSha, number, repository, World } from './world.ts';

/** The one finding of each of these reviews, on the line that the agent changes. */
const finding = Finding.parse({
  tool: 'ruff',
  rule: 'F821',
  severity: 'error',
  path: 'src/a.js',
  range: { startLine: 1, endLine: 1 },
  message: 'Undefined name',
});
const pullRequest = { repositoryId: repository.repositoryId, number };

/** A review of a head with that one finding and its suggestion, all the way to GitHub. */
export async function review(
  world: World,
  cause: string,
  {
    sha = headSha,
    files,
    findings = [finding],
    marks,
  }: { sha?: string; files?: Record<string, string>; findings?: Finding[]; marks?: Marks[] } = {},
): Promise<Task> {
  const head = CommitSha.parse(sha);
  const task = await storedTask(world, 'publishing', {
    kind: 'review',
    cause,
    task: { headSha: head },
    outcome: { findings, ...(marks === undefined ? {} : { marks }) },
    ...(files === undefined ? {} : { files }),
  });
  setBranch(world, { sha: head });
  await settleTask(world.context, task.id);
  return task;
}

/** A commit of one digit. */
export const shaOf = (digit: string) => digit.repeat(40);
/** Our threads there. */
export const threads = ({ github }: World) => github.reviewThreads.threads;
/** What is remembered of the findings of reviews. */
export const records = ({ store }: World) => store.findings.ofPullRequest(pullRequest, 'review');
/** The check run of a task. */
export const checkOf = ({ github }: World, task: Task) => {
  const run = [...github.runs.values()].find(({ externalId }) => externalId === task.id);
  if (run === undefined) throw new Error('there is no check run');
  return run;
};

/** A world in which the first review has been shown: its thread and the id of its finding. */
export async function reviewed(change: (world: World) => void = () => undefined) {
  const world = new World();
  change(world);
  const task = await review(world, 'first');
  const [thread] = threads(world);
  if (thread === undefined) throw new Error('there is no thread');
  return { world, task, thread, id: findingIdIn(thread.body) ?? '' };
}
