import { keepBase } from '../../../src/dispatch/base-branch.ts';
import { CommitSha, taskIdFor } from '../../../src/domain/ids.ts';
import { type Outcome, type ProposedChange, patchDigestOf } from '../../../src/domain/outcome.ts';
import { RepoPath } from '../../../src/domain/repo-path.ts';
import { Task, type TaskKind, type TaskState } from '../../../src/domain/task.ts';
import { rulesOf } from '../../../src/policy/rules-of.ts';
import type { FakeBranch } from './fake-github.ts';
import { baseSha, headSha, number, repository, type World } from './world.ts';

const branchKey = `${repository.repositoryId}:feature`;

/** What a task in a test is like; the rest is a fix by `contributor` of one line in `src/a.js`. */
export interface SceneOptions {
  readonly kind?: TaskKind;
  readonly cause?: string;
  /** Path → new text, or null for a deletion. */
  readonly files?: Readonly<Record<string, string | null>>;
  readonly outcome?: Partial<Outcome>;
  readonly task?: Partial<Task>;
}

/** Stores a task in `state` with an outcome, a check run and the branch it is about. */
export async function storedTask(
  world: World,
  state: TaskState,
  options: SceneOptions = {},
): Promise<Task> {
  const { kind = 'fix', cause = 'scene' } = options;
  const outcome = await outcomeOf(world, options);
  const id = taskIdFor(cause, kind);
  const checkRunId = await world.github.checkRuns.create(repository, {
    name: kind === 'fix' ? 'sallyport fix' : 'sallyport',
    headSha,
    externalId: id,
    state: { status: 'queued' },
    output: { title: 'Queued', summary: 'Waiting.' },
  });
  const nowMs = world.clock.nowMs();
  const task = Task.parse({
    id,
    name: kind,
    kind,
    state,
    repository,
    subjectKind: 'pull-request',
    pullRequest: number,
    headSha,
    baseSha,
    cause,
    checkRunId,
    instructions: null,
    parameters: {},
    requestedBy: world.person('contributor'),
    isAutomatic: false,
    policyDigest: world.policy.digest,
    checkConcluded: false,
    attempt: 1,
    runnerId: null,
    inputDigest: null,
    imageDigest: null,
    outcomeDigest: await put(world, JSON.stringify(outcome)),
    patchDigest: patchDigestOf(outcome.changes),
    reason: null,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    ...options.task,
  });
  await world.store.tasks.insert(task);
  await keepBase(world.context, id, 'main');
  const files = new Map([['src/a.js', Buffer.from('old\n')]]);
  if (!world.github.branches.has(branchKey)) setBranch(world, { sha: headSha, files });
  return task;
}

/** The policy lets its reviews propose patches. */
export function letReviewsWrite(world: World): void {
  const { outputs } = rulesOf(world.policy.policy, 'fix');
  world.setRules('review', { outputs });
}

/** Moves the branch of the pull request, and the pull request's head with it. */
export function setBranch(world: World, branch: Partial<FakeBranch> & { sha: CommitSha }): void {
  const before = world.github.branches.get(branchKey);
  const empty = { message: '', parents: [], files: new Map<string, Uint8Array>() };
  world.github.branches.set(branchKey, { ...(before ?? empty), ...branch });
  world.setPull({ headSha: branch.sha });
}

/** The branch of the pull request as it is now. */
export function branchOf(world: World): FakeBranch {
  const branch = world.github.branches.get(branchKey);
  if (branch === undefined) throw new Error('there is no branch');
  return branch;
}

/** Shows the pull request the head that its branch has, as GitHub does a moment after a commit. */
export function syncPull(world: World): void {
  world.setPull({ headSha: branchOf(world).sha });
}

/** The task as it is stored now. */
export async function storedNow(world: World, task: Task): Promise<Task> {
  const stored = await world.store.tasks.get(task.id);
  if (stored === undefined) throw new Error('the task is gone');
  return stored;
}

async function outcomeOf(world: World, options: SceneOptions): Promise<Outcome> {
  const changes: ProposedChange[] = [];
  for (const [path, text] of Object.entries(options.files ?? { 'src/a.js': 'new\n' })) {
    const before = await put(world, 'old\n');
    const after = text === null ? null : await put(world, text);
    changes.push({ path: RepoPath.parse(path), before, after });
  }
  return {
    findings: [],
    changes,
    refused: [],
    omitted: [],
    tools: [{ name: 'ruff', version: '1' }],
    toolErrors: [],
    mergeBaseSha: CommitSha.parse('d'.repeat(40)),
    diffDigest: await put(
      world,
      'diff --git a/src/a.js b/src/a.js\n--- a/src/a.js\n+++ b/src/a.js\n@@ -1 +1 @@\n-was\n+old\n',
    ),
    inputDigest: await put(world, 'input'),
    imageDigest: 'sha256:image',
    runtime: 'runc',
    runMs: 5,
    ...options.outcome,
  };
}

function put(world: World, text: string) {
  return world.store.artifacts.put(Buffer.from(text));
}
