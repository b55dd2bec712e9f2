import type { Trigger } from '../domain/trigger.ts';
import { Postponed } from '../ports/queue.ts';
import { catchUpHead, expectedOn } from './catch-up-head.ts';
import type { Context } from './context.ts';
import { existingPull } from './existing-pull.ts';
import { rememberPusher } from './pusher.ts';

type SuiteRequested = Extract<Trigger, { type: 'suite-requested' }>;

/** By then `pull_request`, which tells of the same push and says more, has been here or is lost. */
const settledAfterMs = 2 * 60_000;

/** @throws Postponed while the other word on this push may be under way: to plan from both would review twice */
export function letOthersFirst({ clock }: Context, { receivedAtMs }: SuiteRequested): void {
  const restMs = receivedAtMs + settledAfterMs - clock.nowMs();
  if (restMs > 0) throw new Postponed(restMs);
}

/**
 * A second word on each push: plans the open pull requests that have this head and lack a check, as a look for what
 * was missed does, and nothing where they have them.
 */
export async function onSuiteRequested(context: Context, trigger: SuiteRequested): Promise<void> {
  const { repository, headSha } = trigger;
  // Gate 1 asks who pushed, also where no other word has come.
  await rememberPusher(context, { ...trigger, action: 'synchronize' });
  for (const number of trigger.pullRequests) {
    const pull = await existingPull(context, repository, number);
    if (pull?.state !== 'open' || pull.headSha !== headSha) continue;
    const expected = await expectedOn(context, repository, pull.baseRef);
    const author = { id: pull.authorId, login: pull.authorLogin, type: 'Unknown' } as const;
    const updatedAtMs = trigger.receivedAtMs;
    await catchUpHead(context, { repository, pull: { ...pull, author, updatedAtMs } }, expected);
  }
}
