import type { Task } from '../domain/task.ts';

const start = 'command:cancelled by ';

/** The reason of a task that somebody cancelled by a command. */
export function cancelReason(login: string): string {
  return `${start}${login}`;
}

/** Did a person take the task back? Not where it was cancelled because its pull request was closed, say. */
export function isTakenBack({ state, reason }: Pick<Task, 'state' | 'reason'>): boolean {
  return state === 'cancelled' && reason !== null && reason.startsWith(start);
}
