import type { Place } from './fault.ts';
import type { FoldedPolicy } from './layering/fold-layers.ts';
import { leavesOf } from './layering/leaves.ts';
import { layerRules } from './layering/rules.ts';
import { pathName } from './layering/said.ts';

/** One value of the effective policy and where it comes from. No source: the language's own default. */
export interface ExplainedValue {
  readonly path: string;
  /** For globs and people that every layer has its say in: one entry a layer. */
  readonly value: unknown;
  readonly sources: readonly Place[];
}

/** Every value of an effective policy with its source, in the order of the policy. */
export function explainPolicy({ policy, sources }: FoldedPolicy): readonly ExplainedValue[] {
  return leavesOf(policy, layerRules).map(({ path, value }) => {
    const name = pathName(path);
    return { path: name, value, sources: sources.get(name) ?? [] };
  });
}
