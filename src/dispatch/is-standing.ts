import type { Task } from '../domain/task.ts';
import { LostAccess } from '../domain/trigger.ts';

/** Does the ending of this task say anything of the commit? Not where the reason for ending it has passed. */
export function isStanding({ state, reason }: Task): boolean {
  if (state === 'superseded') return false;
  const hasPassed = reason === 'pull-request:closed' || LostAccess.safeParse(reason).success;
  return state !== 'cancelled' || !hasPassed;
}
