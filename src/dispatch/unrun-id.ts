import { TaskId } from '../domain/ids.ts';

const pattern = /^pull-([1-9][0-9]{0,8})-(t[0-9a-f]{24})$/;

/** How GitHub names a check that no task stands behind to us again, when somebody presses *Re-run*. */
export function unrunId(number: number, key: TaskId): string {
  return `pull-${number}-${key}`;
}

/** The pull request of a check that no task stands behind, or undefined for any other. */
export function pullRequestBehind(externalId: string): number | undefined {
  const digits = pattern.exec(externalId)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** What stands for a task in it, or undefined for any other. */
export function keyBehind(externalId: string): TaskId | undefined {
  const key = pattern.exec(externalId)?.[2];
  return key === undefined ? undefined : TaskId.parse(key);
}
