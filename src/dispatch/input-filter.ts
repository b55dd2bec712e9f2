import { isInput } from '../policy/decide/is-input.ts';
import type { EffectiveTask } from '../policy/effective-policy.ts';
import type { ChangedFile } from '../protocol/task-input.ts';

/** Which files the agent sees, where the policy keeps any back. */
export function inputFilter(rules: EffectiveTask): {
  readonly isInput?: (path: string) => boolean;
} {
  const { include, exclude } = rules.inputs;
  if (include.length + exclude.length === 0) return {};
  return { isInput: (path) => isInput(rules, path) };
}

/** Does a change go into the list that the agent is given? Of a rename both names have to be input. */
export function isShown(rules: EffectiveTask): (file: ChangedFile) => boolean {
  return ({ path, previousPath }) =>
    isInput(rules, path) && (previousPath === null || isInput(rules, previousPath));
}
