import type { Who } from '../document/who.ts';
import type { EffectivePolicy, EffectiveTask } from '../effective-policy.ts';
import { isAmong, type Person, type Verdict } from './person.ts';

/** May this person command anything here? Each task may ask for more. */
export function mayCommand({ run }: EffectivePolicy, person: Person): Verdict {
  return isAmong(run, person, 'some');
}

/** Everything that a command may be held against. */
export function everyWho(policy: EffectivePolicy): readonly Who[] {
  return whosInForce(policy).flat();
}

/** Has this person no say anywhere here: may start no task, and approve nothing? */
export function isStranger(policy: EffectivePolicy, person: Person): boolean {
  return !whosInForce(policy).some((whos) => isAmong(whos, person, 'some').allowed);
}

function whosInForce({ run, approve, tasks }: EffectivePolicy): readonly (readonly Who[])[] {
  return [run, approve, ...Object.values(tasks).flatMap((task) => [task.run, task.approve])];
}

/** May this person start the task by command, or let one start at gate 1? */
export function mayRun(task: EffectiveTask, person: Person): Verdict {
  if (!task.enabled) return { allowed: false, reason: 'The policy has this task switched off.' };
  return isAmong(task.run, person, 'some');
}

/** May this person's approval count for a patch of the task at gate 2? */
export function mayApprove(
  task: EffectiveTask,
  person: Person,
  { isRequester }: { readonly isRequester: boolean },
): Verdict {
  if (task.outputs.patch === 'none') {
    return { allowed: false, reason: 'The policy lets no patch of this task through.' };
  }
  if (isRequester && !task.approvals.requesterMayApprove) {
    return { allowed: false, reason: 'It takes somebody other than who asked for the task.' };
  }
  return isAmong(task.approve, person, 'all');
}

/** Why nothing of a pull request runs, whoever asks; undefined where something may. */
export function whyNoFork(
  { forks }: EffectiveTask,
  { isFork }: { readonly isFork: boolean },
): string | undefined {
  if (!isFork || forks !== 'refuse') return undefined;
  return 'The policy runs nothing for pull requests from forks.';
}

/** What becomes of a task that a pull request starts by itself. */
export interface Entry {
  readonly outcome: 'run' | 'wait' | 'refuse';
  readonly reason: string;
}

/** Whose work a pull request is. */
export interface Origin {
  readonly isFork: boolean;
  readonly author: Person;
  /** Who pushed its head, the author as well where nobody else did; null where it is not known. */
  readonly pusher: Person | null;
}

/**
 * Must a pull request wait at gate 1 before anything of it runs, or is it refused? The less trusted of
 * author and pusher decides: who may push to somebody's branch must not borrow their trust. A push that nobody told
 * of may be anybody's.
 */
export function mustWait(task: EffectiveTask, { isFork, author, pusher }: Origin): Entry {
  if (task.forks === 'run') {
    return { outcome: 'run', reason: 'The policy runs pull requests from outside.' };
  }
  const refusal = whyNoFork(task, { isFork });
  if (refusal !== undefined) return { outcome: 'refuse', reason: refusal };
  if (isFork) return { outcome: 'wait', reason: 'It comes from a fork.' };
  const ofAuthor = isAmong(task.run, author, 'some');
  if (!ofAuthor.allowed) return { outcome: 'wait', reason: ofAuthor.reason };
  if (pusher === null) return { outcome: 'wait', reason: 'It is not known who pushed its head.' };
  const ofPusher = isAmong(task.run, pusher, 'some');
  if (ofPusher.allowed) return { outcome: 'run', reason: ofAuthor.reason };
  return { outcome: 'wait', reason: `Its head was pushed by ${pusher.login}. ${ofPusher.reason}` };
}
