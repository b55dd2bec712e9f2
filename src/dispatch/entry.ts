import { readPerson } from '../approval/read-person.ts';
import type { RepositoryRef } from '../domain/repository.ts';
import { type Entry, mustWait } from '../policy/decide/people.ts';
import type { LoadedPolicy } from '../policy/policies.ts';
import { rulesOf } from '../policy/rules-of.ts';
import type { PullRequest } from '../ports/github.ts';
import type { Context } from './context.ts';
import { pusherOf } from './pusher.ts';

/** A pull request under the policy that is in force for it. */
export interface Planned {
  readonly repository: RepositoryRef;
  readonly pullRequest: PullRequest;
  readonly loaded: LoadedPolicy;
}

/** What gate 1 says of these tasks when the pull request starts them by itself, by name. */
export async function entriesOf(
  context: Context,
  { repository, pullRequest, loaded, names }: Planned & { readonly names: readonly string[] },
): Promise<ReadonlyMap<string, Entry>> {
  const who = { id: pullRequest.authorId, login: pullRequest.authorLogin };
  const whos = names.flatMap((name) => rulesOf(loaded.policy, name).run);
  const author = await readPerson(context.github, { repository, who, pullRequest, whos });
  const told = await pusherOf(context, repository, pullRequest);
  let pusher = told === null ? null : author;
  if (told !== null && told.id !== author.id)
    pusher = await readPerson(context.github, { repository, who: told, pullRequest, whos });
  const outside = { isFork: pullRequest.isFork, author, pusher };
  return new Map(names.map((name) => [name, mustWait(rulesOf(loaded.policy, name), outside)]));
}

/** Does gate 1 hold this task, or refuse it? */
export async function isHeld(context: Context, planned: Planned, name: string): Promise<boolean> {
  const entries = await entriesOf(context, { ...planned, names: [name] });
  return entries.get(name)?.outcome !== 'run';
}
