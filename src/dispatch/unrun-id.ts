import type { TaskId } from '../domain/ids.ts';

/** How GitHub names a check that no task stands behind to us again, when somebody presses *Re-run*. */
export function unrunId(number: number, key: TaskId): string {
  return `pull-${number}-${key}`;
}

/** The pull request of a check that no task stands behind, or undefined for any other. */
export function pullRequestBehind(externalId: string): number | undefined {
  const digits = /^pull-([1-9][0-9]{0,8})-t[0-9a-f]{24}$/.exec(externalId)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
