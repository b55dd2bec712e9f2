import { handleTrigger } from '../../../src/dispatch/handle-trigger.ts';
import type { Task } from '../../../src/domain/task.ts';
import { storedTask } from './fix-scene.ts';
import { baseSha, repository, type World } from './world.ts';

/** Number of the issue in the fake GitHub. */
export const issueNumber = 30;
/** The default branch stands where the base of the pull request does. */
const trunk = `${repository.repositoryId}:main`;

/** An open issue, which a stranger wrote. */
export const openIssue = {
  number: issueNumber,
  state: 'open',
  isPullRequest: false,
  title: 'Dates are off',
  body: 'Since the update. Closes #1, @everyone.',
} as const;

/** Adds an open issue by a stranger to the world, and the default branch with one file. */
export function addIssue(world: World): void {
  world.github.issues.known.set(issueNumber, openIssue);
  const files = new Map([['src/a.js', Buffer.from('old\n')]]);
  world.github.branches.set(trunk, { sha: baseSha, message: '', parents: [], files });
}

/** Moves the default branch. */
export function moveTrunk(world: World, sha: Task['headSha']): void {
  const before = world.github.branches.get(trunk);
  if (before === undefined) throw new Error('there is no default branch');
  world.github.branches.set(trunk, { ...before, sha, parents: [before.sha] });
}

/** Comments on the issue, and has the comment handled. */
export async function sayOnIssue(world: World, login: string, body: string): Promise<void> {
  const comment = world.comment(login, body);
  await handleTrigger(world.context, { ...comment, number: issueNumber, isPullRequest: false });
}

/** Stores a fix for the issue in `state`, with a patch of one line, asked for by the contributor. */
export async function issueTask(
  world: World,
  state: Task['state'],
  options: Parameters<typeof storedTask>[2] = {},
): Promise<Task> {
  const subject = { subjectKind: 'issue', pullRequest: issueNumber, checkRunId: null } as const;
  const commits = { headSha: baseSha, baseSha };
  const task = await storedTask(world, state, {
    ...options,
    task: { ...subject, ...commits, ...options.task },
  });
  // The scene makes a check run for whatever it stores.
  world.github.runs.clear();
  return task;
}

/** What the App says on the issue now. */
export function told(world: World): string {
  return world.github.comments.find(({ number }) => number === issueNumber)?.body ?? '';
}
