import type { Finding } from '../../domain/finding.ts';
import type { Opinion } from '../../domain/opinion.ts';
import type { JudgedFinding } from '../../domain/second-opinion.ts';
import type { Unconfirmed } from '../document/review.ts';
import type { EffectiveTask } from '../effective-policy.ts';

/** A second agent's word on a finding, and what comes of it. */
export type Weighed = Pick<JudgedFinding, 'verdict' | 'action' | 'reason'>;

/**
 * What becomes of a finding by what a second agent said of it: nothing is ever made worse. One that it says nothing of is
 * one that it is not sure of, unless it was stopped before it could speak of all: `isCut`.
 */
export function weighOpinion(
  { severity }: Pick<Finding, 'severity'>,
  opinion: Pick<Opinion, 'verdict' | 'reason'> | undefined,
  { review, isCut }: { readonly review: EffectiveTask['review']; readonly isCut: boolean },
): Weighed {
  const { verdict = 'unheard', reason = '' } = opinion ?? {};
  const action = actionOf(verdict, { review, isCut });
  // There is nothing below `info`.
  const isLowest = action === 'downgraded' && severity === 'info';
  return { verdict, action: isLowest ? 'kept' : action, reason };
}

const actions = { keep: 'kept', downgrade: 'downgraded', drop: 'dropped' } as const;

function actionOf(
  verdict: Weighed['verdict'],
  { review, isCut }: { readonly review: EffectiveTask['review']; readonly isCut: boolean },
): Weighed['action'] {
  if (verdict === 'confirmed' || (verdict === 'unheard' && isCut)) return 'kept';
  const said: (typeof Unconfirmed.options)[number] =
    verdict === 'refuted' ? review.refuted : review.unsure;
  return actions[said];
}
