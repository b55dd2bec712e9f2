import type { RepositoryRef } from '../domain/repository.ts';
import type { OwnCheckRun } from '../ports/check-runs.ts';
import type { PullRequest } from '../ports/github.ts';
import type { GroupStanding } from '../report/plan-group.ts';
import { isPass } from '../report/shared-head.ts';
import { automaticNames } from './automatic-names.ts';
import { checkName } from './check-name.ts';
import type { Context } from './context.ts';
import { existingPull } from './existing-pull.ts';
import { numberBehind } from './foreign-check.ts';
import { isOfPolicy } from './policy-check-id.ts';

/** How a pull request stands by one of its checks. */
export interface NamedStanding {
  /** Of the check run. */
  readonly name: string;
  readonly standing: GroupStanding;
}

/**
 * By the checks that GitHub shows on the pull request's head, which are what let it into the queue: one for each name
 * that is there, and one for `review` in any case. A name that only another pull request with this head has fails, but
 * it is not left out: its pass may have let this one in, and a queue waits for each name. Without a pull request there
 * is one that fails for each task that the operator's policy starts by itself.
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
  return [...said].map(([name, conclusion]) => {
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
  const runs = await context.github.checkRuns.list(repository, headSha);
  const own: OwnCheckRun[] = [];
  for (const run of runs) if ((await numberBehind(context, run)) === number) own.push(run);
  // A policy's check is about files that were changed there, and a group has none of its own.
  const named = runs.filter(({ externalId }) => !isOfPolicy(externalId)).map(({ name }) => name);
  const names = new Set([checkName(context, 'review'), ...named]);
  const newest = (name: string) => own.find((run) => run.name === name)?.conclusion ?? null;
  return new Map([...names].map((name) => [name, newest(name)]));
}
