import type { RepositoryRef } from '../domain/repository.ts';
import type { PullRequest } from '../ports/github.ts';
import type { GroupStanding } from '../report/plan-group.ts';
import { isPass } from '../report/shared-head.ts';
import { automaticNames } from './automatic-names.ts';
import { checkName } from './check-name.ts';
import type { Context } from './context.ts';
import { existingPull } from './existing-pull.ts';
import { numberBehind } from './foreign-check.ts';

/** How a pull request stands by one of its checks. */
export interface NamedStanding {
  /** Of the check run. */
  readonly name: string;
  readonly standing: GroupStanding;
}

/**
 * By the checks that GitHub shows on the pull request's head, which are what let it into the queue: one for each name
 * that it has there, and one for `review` in any case. Without a pull request there is one that fails for each task
 * that the operator's policy starts by itself.
 */
export async function standingsOf(
  context: Context,
  repository: RepositoryRef,
  number: number | null,
): Promise<readonly NamedStanding[]> {
  const pull = number === null ? undefined : await existingPull(context, repository, number);
  if (pull === undefined) {
    const names = new Set(['review', ...automaticNames(context.policies.operator.policy)]);
    const standing = {
      pullRequest: number,
      reviewedSha: null,
      conclusion: null,
      hasPassed: false,
    };
    return [...names].map((task) => ({ name: checkName(context, task), standing }));
  }
  const said = await conclusionsOf(context, repository, pull);
  const names = new Set([checkName(context, 'review'), ...said.keys()]);
  return [...names].map((name) => {
    const conclusion = said.get(name) ?? null;
    const hasPassed = isPass(conclusion);
    const standing = { pullRequest: number, reviewedSha: pull.headSha, conclusion, hasPassed };
    return { name, standing };
  });
}

/** The newest of each name. Of two pull requests with one head commit, a check of the other says nothing of this one. */
async function conclusionsOf(
  context: Context,
  repository: RepositoryRef,
  { number, headSha }: PullRequest,
): Promise<ReadonlyMap<string, string | null>> {
  const newest = new Map<string, string | null>();
  for (const run of await context.github.checkRuns.list(repository, headSha)) {
    if (newest.has(run.name) || (await numberBehind(context, run)) !== number) continue;
    newest.set(run.name, run.conclusion);
  }
  return newest;
}
