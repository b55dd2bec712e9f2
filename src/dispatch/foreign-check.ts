import { TaskId } from '../domain/ids.ts';
import type { RepositoryRef } from '../domain/repository.ts';
import type { OwnCheckRun } from '../ports/check-runs.ts';
import type { PullRequest } from '../ports/github.ts';
import type { Context } from './context.ts';
import { pullRequestBehind } from './unrun-id.ts';

/** A pull request and the name of a check on its head. */
export interface NamedCheck {
  readonly repository: RepositoryRef;
  readonly pullRequest: Pick<PullRequest, 'number' | 'headSha'>;
  readonly name: string;
}

/**
 * Has another pull request with this head a check of this name? For a commit GitHub shows the newest check of a
 * name: one that passes without a task behind it must not cover that of the other pull request.
 */
export async function hasForeignCheck(context: Context, check: NamedCheck): Promise<boolean> {
  const { repository, pullRequest, name } = check;
  const runs = await context.github.checkRuns.list(repository, pullRequest.headSha);
  for (const run of runs.filter((one) => one.name === name)) {
    const number = await numberBehind(context, run);
    if (number !== undefined && number !== pullRequest.number) return true;
  }
  return false;
}

/** The pull request that a run belongs to; undefined for those of merge groups. */
export async function numberBehind(
  context: Context,
  { externalId }: Pick<OwnCheckRun, 'externalId'>,
): Promise<number | undefined> {
  const id = TaskId.safeParse(externalId);
  if (!id.success) return pullRequestBehind(externalId);
  return (await context.store.tasks.get(id.data))?.pullRequest;
}
