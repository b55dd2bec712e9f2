import { diffCommits, type FileDiff, hunkWithLine, mapLine } from './diff.ts';
import { type Scene, sendCheckSuite, sendPullRequest } from './events.ts';
import { git } from './git.ts';
import { fetchCommit } from './git-repository.ts';
import { pullFiles } from './pull-diff.ts';
import { type BranchMove, sendPush } from './push-event.ts';
import type { CheckSuite, Delivery, PullRequest, ReviewComment } from './records.ts';
import { isPullRequest, type World } from './world.ts';

/** The suite of an App on a commit; made on first use, since GitHub keeps one per App and commit. */
export function suiteFor(
  world: World,
  wanted: Pick<CheckSuite, 'repo' | 'headSha' | 'appId' | 'headBranch'>,
): CheckSuite {
  const known = [...world.checkSuites.values()].find(
    (suite) =>
      suite.repo === wanted.repo &&
      suite.headSha === wanted.headSha &&
      suite.appId === wanted.appId,
  );
  if (known) return known;
  const suite: CheckSuite = { id: world.nextId(), createdAt: world.now(), reset: false, ...wanted };
  world.checkSuites.set(suite.id, suite);
  return suite;
}

/**
 * What GitHub does after a branch has moved: `push`, `check_suite.requested`, and for each open pull request
 * with that head: new head commit, review comments moved or outdated, `synchronize`.
 * Resolves with every delivery, once all are answered.
 */
export async function branchMoved(scene: Scene, move: BranchMove): Promise<Delivery[]> {
  const { world } = scene;
  const pulls = openPullRequests(world).filter(
    ({ pull }) => pull.headRepo === move.repo && pull.headRef === move.branch,
  );
  for (const pullRequest of pulls) await advance(world, pullRequest, move.after);
  refreshBases(world, move);
  const sent = [sendPush(scene, move), requestSuite(scene, move)];
  const before = move.before ?? '0'.repeat(40);
  for (const one of pulls)
    sent.push(sendPullRequest(scene, one, { action: 'synchronize', before, after: move.after }));
  return (await Promise.all(sent)).filter((delivery) => delivery !== undefined);
}

function openPullRequests(world: World): PullRequest[] {
  const issues = [...world.repositories.values()].flatMap((repo) => [...repo.issues.values()]);
  return issues.filter(isPullRequest).filter((one) => one.state === 'open');
}

async function requestSuite(
  scene: Scene,
  { repo, branch, after }: BranchMove,
): Promise<Delivery | undefined> {
  if (!scene.world.installationOf(repo)) return undefined;
  const suite = suiteFor(scene.world, {
    repo,
    headSha: after,
    appId: scene.world.app.id,
    headBranch: branch,
  });
  return sendCheckSuite(scene, suite, 'requested');
}

function refreshBases(world: World, { repo, branch, after }: BranchMove): void {
  const based = openPullRequests(world).filter(
    (one) => one.repo === repo && one.pull.baseRef === branch,
  );
  for (const pullRequest of based) pullRequest.pull.baseSha = after;
}

async function advance(world: World, pullRequest: PullRequest, headSha: string): Promise<void> {
  const { pull } = pullRequest;
  const previous = pull.headSha;
  await publishHead(pullRequest, headSha);
  pull.headSha = headSha;
  pullRequest.updatedAt = world.now();
  const comments = [...world.reviewComments.values()].filter(
    (one) => one.review.pullRequest === pullRequest,
  );
  if (comments.length === 0) return;
  const change = await diffCommits(pullRequest.repo.gitDir, previous, headSha);
  const files = await pullFiles(pullRequest);
  for (const comment of comments) moveComment(comment, { change, files, headSha });
}

/** Keeps `refs/pull/N/head` of the base repository at the head, with the commits of a fork copied in. */
export async function publishHead(
  { repo, number, pull }: PullRequest,
  headSha: string,
): Promise<void> {
  if (pull.headRepo !== repo) await fetchCommit(repo.gitDir, pull.headRepo.gitDir, headSha);
  await git(repo.gitDir, ['update-ref', `refs/pull/${number}/head`, headSha]);
}

/** A comment follows its lines; if a push touched them, or they left the diff, it becomes outdated for good. */
function moveComment(
  comment: ReviewComment,
  {
    change,
    files,
    headSha,
  }: { change: readonly FileDiff[]; files: readonly FileDiff[]; headSha: string },
): void {
  const { anchor } = comment;
  if (anchor.line === null || anchor.side === 'LEFT') return;
  const changed = change.find((file) => (file.previousPath ?? file.path) === anchor.path);
  const file = files.find((one) => one.path === anchor.path);
  const follow = (line: number | null): number | undefined =>
    line === null ? undefined : mapLine(changed?.hunks ?? [], line);
  const line = follow(anchor.line);
  const startLine = follow(anchor.startLine);
  const kept =
    line !== undefined &&
    file &&
    hunkWithLine(file, 'RIGHT', line) &&
    (anchor.startLine === null || startLine !== undefined);
  anchor.line = kept ? line : null;
  anchor.startLine = kept ? (startLine ?? null) : null;
  if (kept) comment.commitId = headSha;
  else anchor.position = null;
}
