import { issueBehind, issueBranch } from '../approval/read-subject.ts';
import type { CommitSha } from '../domain/ids.ts';
import type { RepositoryRef } from '../domain/repository.ts';
import type { Task } from '../domain/task.ts';
import { mayFollow } from '../policy/decide/pace.ts';
import type { EffectivePolicy } from '../policy/effective-policy.ts';
import type { PullRequest } from '../ports/github.ts';
import type { Context } from './context.ts';

/**
 * Why nothing starts by itself on this head: it is Sallyport's own commit, and work would go on feeding itself.
 * Undefined for the commits of everybody else, and while the policy's limits of a loop are not reached.
 */
export async function whyNoMore(
  context: Context,
  { repository, pullRequest }: { repository: RepositoryRef; pullRequest: PullRequest },
  policy: EffectivePolicy,
): Promise<string | undefined> {
  const own = await ownCommits(context, repository, pullRequest);
  const depth = chainBehind(own, pullRequest.headSha);
  if (depth < 0) return undefined;
  // The first commit begins the first round.
  const { allowed, reason } = mayFollow(policy, { round: own.size - 1, depth });
  return allowed ? undefined : reason;
}

/** Is the head a commit that Sallyport made of a patch? */
export async function isOwnCommit(
  context: Context,
  repository: RepositoryRef,
  pullRequest: PullRequest,
): Promise<boolean> {
  return (await ownCommits(context, repository, pullRequest)).has(pullRequest.headSha);
}

/**
 * The tasks whose patches were committed to the pull request, by what was committed. One that Sallyport opened for
 * an issue begins with the commit of a task of that issue: the branch names it, but only the record is believed.
 */
async function ownCommits(
  { store }: Context,
  { repositoryId }: RepositoryRef,
  { number, headRef, isFork }: PullRequest,
): Promise<ReadonlyMap<string, Task>> {
  const own = new Map<string, Task>();
  const applied = (of: number) => store.tasks.ofPullRequest(repositoryId, of, ['applying', 'done']);
  const issue = isFork ? undefined : issueBehind(headRef);
  const first = issue === undefined ? [] : await applied(issue);
  const ofBranch = first.filter(
    (task) => task.subjectKind === 'issue' && issueBranch(task) === headRef,
  );
  for (const task of [...(await applied(number)), ...ofBranch]) {
    const sha = task.kind === 'fix' ? await store.steps.find(task.id, 'commit') : undefined;
    if (sha !== undefined) own.set(sha, task);
  }
  return own;
}

/** Links of the chain that ends at this head, less one; whoever asks for a task begins a chain anew. */
function chainBehind(own: ReadonlyMap<string, Task>, headSha: CommitSha): number {
  let links = 0;
  let task = own.get(headSha);
  // No commit is its own ancestor; a record that says so must not hold us up.
  while (task !== undefined && links < own.size) {
    links += 1;
    task = task.isAutomatic ? own.get(task.headSha) : undefined;
  }
  return links - 1;
}
