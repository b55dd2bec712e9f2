import type { RepositoryRef } from '../domain/repository.ts';
import type { Task } from '../domain/task.ts';
import type { GitHub, PullRequest } from '../ports/github.ts';

type SubjectPorts = Pick<GitHub, 'issues' | 'pullRequests'>;

/**
 * What a task was asked for on, as it stands now. The commits of an issue are those that the task was planned
 * on: its patch starts a branch of its own there, so what the default branch gets meanwhile takes nothing back.
 * @throws SallyportError `github.*`
 */
export async function readSubject(github: SubjectPorts, task: Task): Promise<PullRequest> {
  const { repository, pullRequest, headSha, baseSha } = task;
  if (task.subjectKind === 'pull-request') return github.pullRequests.get(repository, pullRequest);
  const issue = await readIssue(github, repository, pullRequest);
  return { ...issue, headSha, baseSha, headRef: issueBranch(task) };
}

/**
 * An issue in the terms of a pull request: both sides are the default branch as it is now. It has no author,
 * since opening an issue gives nobody a say; one that was made into a pull request counts as closed.
 * @throws SallyportError `github.*`
 */
export async function readIssue(
  github: Pick<GitHub, 'issues'>,
  repository: RepositoryRef,
  number: number,
): Promise<PullRequest> {
  const { state, isPullRequest, title, body } = await github.issues.get(repository, number);
  const { name, headSha } = await github.issues.defaultBranch(repository);
  return {
    number,
    state: isPullRequest ? 'closed' : state,
    isDraft: false,
    title,
    body,
    authorLogin: 'nobody',
    // GitHub counts accounts from 1.
    authorId: 0,
    labels: [],
    headSha,
    baseSha: headSha,
    baseRef: name,
    headRef: name,
    isFork: false,
    // What the default branch gets is no outsider's.
    updatedAtMs: 0,
  };
}

/** The branch that the patch of a task for an issue is committed to. */
export function issueBranch({ id, pullRequest }: Pick<Task, 'id' | 'pullRequest'>): string {
  return `sallyport/issue-${pullRequest}-${id.slice(0, 8)}`;
}

/** The issue that a branch of this form is for. Anybody may push one of that name. */
export function issueBehind(branch: string): number | undefined {
  const number = /^sallyport\/issue-([1-9]\d{0,9})-t[0-9a-f]{7}$/.exec(branch)?.[1];
  return number === undefined ? undefined : Number(number);
}
