import { readPerson } from '../approval/read-person.ts';
import type { Task } from '../domain/task.ts';
import { mayRun } from '../policy/decide/people.ts';
import type { EffectiveTask } from '../policy/effective-policy.ts';
import type { PullRequest } from '../ports/github.ts';
import type { OwnThread } from '../ports/review-threads.ts';
import { isSaidFixed } from '../report/inline/marker.ts';
import { threadsByFinding } from '../report/inline/upkeep.ts';
import type { Context } from './context.ts';
import { pullRequestOf, readRecords } from './finding-memory.ts';

type Account = OwnThread['dislikedBy'][number];

/** Who dismissed a finding by what they did to its comment; null where GitHub does not say who. */
interface Seen {
  readonly byId: number | null;
  readonly via: 'resolved' | 'thumbs-down';
}

/**
 * Takes note of what people dismissed on the pull request itself: threads that they resolved, which GitHub lets its author
 * and those who may write, and comments on which its author, or somebody who may start the task, put a 👎. Neither
 * changes a conclusion: that takes the command of somebody who may approve.
 */
export async function readDismissals(
  context: Context,
  ran: { readonly task: Task; readonly rules: EffectiveTask },
  threads: readonly OwnThread[],
): Promise<void> {
  const { task } = ran;
  const threadOf = threadsByFinding(threads);
  const judge = new Dislikes(context, ran);
  for (const record of await readRecords(context, task)) {
    const thread = record.state === 'open' ? threadOf.get(record.id) : undefined;
    const seen = thread === undefined ? undefined : await seenIn(thread, judge);
    if (seen === undefined) continue;
    const data = { finding: record.id, rule: record.rule, ...seen, waives: false };
    // Told first: of one that is dismissed already nobody would tell after a crash.
    await context.ledger.append({ type: 'finding.dismissed', taskId: task.id, data });
    const atMs = context.clock.nowMs();
    const dismissal = { ...seen, waives: false, atMs };
    await context.store.findings.dismiss(pullRequestOf(task), record.id, dismissal);
  }
}

async function seenIn(thread: OwnThread, judge: Dislikes): Promise<Seen | undefined> {
  // One that we resolved has our word, and may not be open again yet.
  if (thread.isResolved) {
    return isSaidFixed(thread.body) ? undefined : { byId: thread.resolvedById, via: 'resolved' };
  }
  for (const who of thread.dislikedBy) {
    if (await judge.count(who)) return { byId: who.id, via: 'thumbs-down' };
  }
  return undefined;
}

/** Whose 👎 counts. A stranger's says nothing: anybody can put one on anything. */
class Dislikes {
  readonly #context: Context;
  readonly #ran: { readonly task: Task; readonly rules: EffectiveTask };
  readonly #known = new Map<number, boolean>();
  #pullRequest: PullRequest | undefined;

  constructor(context: Context, ran: { readonly task: Task; readonly rules: EffectiveTask }) {
    this.#context = context;
    this.#ran = ran;
  }

  async count(who: Account): Promise<boolean> {
    const known = this.#known.get(who.id) ?? (await this.#ask(who));
    this.#known.set(who.id, known);
    return known;
  }

  async #ask(who: Account): Promise<boolean> {
    const { github } = this.#context;
    const { task, rules } = this.#ran;
    const { repository } = task;
    this.#pullRequest ??= await github.pullRequests.get(repository, task.pullRequest);
    const pullRequest = this.#pullRequest;
    if (who.id === pullRequest.authorId) return true;
    const person = await readPerson(github, { repository, who, pullRequest, whos: rules.run });
    return mayRun(rules, person).allowed;
  }
}
