import type { EffectivePolicy } from '../effective-policy.ts';
import type { Verdict } from './person.ts';

/** May one more task run now, next to those that are running? Counts that are none admit nothing. */
export function hasRoom(
  { concurrency }: EffectivePolicy,
  running: { readonly inRepository: number; readonly inOrganisation: number },
): Verdict {
  const { perRepository, perOrganisation } = concurrency;
  if (!(running.inRepository < perRepository)) {
    return no(`The repository has its ${perRepository} tasks running.`);
  }
  if (!(running.inOrganisation < perOrganisation)) {
    return no(`The organisation has its ${perOrganisation} tasks running.`);
  }
  return { allowed: true, reason: 'There is room.' };
}

/**
 * May a task start that follows from Sallyport's own output? `round` counts rounds of fix and review on
 * the pull request so far, `depth` how many tasks the chain has behind it.
 */
export function mayFollow(
  { loop }: EffectivePolicy,
  { round, depth }: { readonly round: number; readonly depth: number },
): Verdict {
  if (!(round < loop.rounds)) return no(`The pull request has had its ${loop.rounds} rounds.`);
  if (!(depth < loop.chainDepth))
    return no(`Tasks follow from tasks ${loop.chainDepth} deep at most.`);
  return { allowed: true, reason: 'It is within the limits of a loop.' };
}

function no(reason: string): Verdict {
  return { allowed: false, reason };
}
