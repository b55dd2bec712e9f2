import { z } from 'zod';

/** What a second agent thinks of a finding of the first. Its words are hostile. */
export const Opinion = z.strictObject({
  /** Of the finding, as the agent was told. */
  id: z.string().regex(/^[a-z0-9]{1,12}$/),
  verdict: z.enum(['confirmed', 'refuted', 'unsure']),
  reason: z.string().max(1_000),
});
export type Opinion = z.infer<typeof Opinion>;

/** Of a finding, the least first. */
const byFavour = ['refuted', 'unsure', 'confirmed'] as const satisfies Opinion['verdict'][];

/**
 * One opinion of each finding: of several that which speaks most for it, and of equal ones the last. Whatever a second
 * agent runs can write its words, so a word that stands alone is the only one that may take a finding away.
 */
export function settleOpinions(opinions: readonly Opinion[]): Opinion[] {
  const settled = new Map<string, Opinion>();
  for (const opinion of opinions) {
    const known = settled.get(opinion.id);
    if (known === undefined || favourOf(opinion) >= favourOf(known))
      settled.set(opinion.id, opinion);
  }
  return [...settled.values()];
}

function favourOf({ verdict }: Opinion): number {
  return byFavour.indexOf(verdict);
}
