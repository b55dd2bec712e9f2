import { publishHead, suiteFor } from './branches.ts';
import { type Scene, sendPullRequest } from './events.ts';
import { branchHead } from './git-repository.ts';
import type { Delivery, Issue, PullRequest, Repository } from './records.ts';
import { notFound } from './refusal.ts';

/** A pull request to be. Both branches must exist. */
export interface NewPullRequest {
  readonly repo: Repository;
  readonly headRepo: Repository;
  readonly head: string;
  readonly base: string;
  readonly title: string;
  readonly body: string | null;
  readonly draft: boolean;
}

/** Opens a pull request as the sender; `announced` sends `pull_request.opened`. @throws Refusal 404 for a missing branch */
export async function openPullRequest(
  scene: Scene,
  wanted: NewPullRequest,
): Promise<{ pullRequest: PullRequest; announced: () => Promise<Delivery | undefined> }> {
  const { world, sender } = scene;
  const headSha = await branchHead(wanted.headRepo.gitDir, wanted.head);
  const baseSha = await branchHead(wanted.repo.gitDir, wanted.base);
  if (headSha === undefined || baseSha === undefined) throw notFound();
  const { headRepo, head: headRef, base: baseRef, draft } = wanted;
  const pull = {
    id: world.nextId(),
    headRepo,
    headRef,
    headSha,
    baseRef,
    baseSha,
    draft,
    mergedAt: null,
  };
  const pullRequest: PullRequest = { ...newIssue(scene, wanted), author: sender, pull };
  await publishHead(pullRequest, headSha);
  wanted.repo.issues.set(pullRequest.number, pullRequest);
  if (world.installationOf(wanted.repo)) {
    const headBranch = headRepo === wanted.repo ? headRef : null;
    suiteFor(world, { repo: wanted.repo, headSha, appId: world.app.id, headBranch });
  }
  return {
    pullRequest,
    announced: () => sendPullRequest(scene, pullRequest, { action: 'opened' }),
  };
}

/** The next issue of a repository, not yet added to it. Issues and pull requests share their numbers. */
export function newIssue(
  { world, sender }: Scene,
  { repo, title, body }: Pick<NewPullRequest, 'repo' | 'title' | 'body'>,
): Issue {
  const now = world.now();
  const number = Math.max(0, ...repo.issues.keys()) + 1;
  const times = { createdAt: now, updatedAt: now, closedAt: null };
  return {
    id: world.nextId(),
    repo,
    number,
    author: sender,
    title,
    body,
    state: 'open',
    labels: new Set(),
    pull: undefined,
    ...times,
  };
}
