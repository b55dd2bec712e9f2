import { type PolicySchema, policySchema } from '../../../scripts/policy/render-schema.ts';

/** Every leaf of the language as its published schema has it; `tasks.*` is any task. */
export function schemaLeaves(): readonly string[] {
  return leavesBelow(policySchema(), '');
}

function leavesBelow({ properties, additionalProperties }: PolicySchema, at: string): string[] {
  const named = Object.entries(properties ?? {});
  const any =
    typeof additionalProperties === 'object' ? [['*', additionalProperties] as const] : [];
  const children = [...named, ...any];
  if (children.length === 0) return [at];
  return children.flatMap(([key, child]) => leavesBelow(child, at === '' ? key : `${at}.${key}`));
}
