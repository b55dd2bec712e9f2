import type { Purpose } from '../../domain/purpose.ts';
import type { EffectiveTask } from '../effective-policy.ts';

/** Where documentation stands by habit, for tasks whose policy does not say `patch.paths`. */
const customary = [
  '**/{doc,docs,documentation}/**',
  '**/*.{md,mdx,markdown,rst,adoc,asciidoc}',
  '**/{README,CHANGELOG,CHANGES,CONTRIBUTING,HISTORY,NEWS}',
];

/** The rules by which a patch is judged: one of documentation changes nothing else, also where no policy says so. */
export function boundByPurpose(rules: EffectiveTask, purpose: Purpose | undefined): EffectiveTask {
  if (purpose !== 'docs' || rules.patch.paths.length > 0) return rules;
  return { ...rules, patch: { ...rules.patch, paths: [customary] } };
}
