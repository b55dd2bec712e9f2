import type { PublishPlan } from '../../../src/report/inline/publish-plan.ts';
import { hold } from './hold.ts';
import { type KnownFaults, tokenIn } from './known-faults.ts';
import type { PlayedLife, PlayedShow } from './played-life.ts';

/**
 * Every finding is an annotation, but for those that people dismissed and that fail nothing; nothing else is. Whether a waiver
 * holds still is held elsewhere.
 */
export function holdCheck(
  { life, known: faults }: { readonly life: PlayedLife; readonly known: KnownFaults },
  { taskId, review }: PlayedShow,
  { hidden }: PublishPlan,
): void {
  const runs = [...life.world.github.runs.values()];
  const run = runs.find(({ externalId }) => externalId === taskId);
  hold(run?.state.status === 'completed', 'the check is not completed');
  const shown = (run?.annotations ?? []).map(({ message }) => tokenIn(message) ?? message);
  const count = shown.length + hidden.length;
  hold(count === review.sighted.length, `${count} annotations of ${review.sighted.length}`);
  for (const { fault } of review.sighted) {
    const known = faults.byToken.get(fault.token);
    if (known === undefined || known.isMurky) continue;
    const mine = shown.filter((token) => token === fault.token).length;
    const isHeld = known.fate !== 'dismissed' || fault.severity === 'error';
    const isMaybe = known.fate === 'dismissed' && known.isWaived && fault.severity === 'error';
    hold(
      isMaybe ? mine <= 1 : mine === (isHeld ? 1 : 0),
      `${mine} annotations of ${fault.token}, which is ${known.fate}`,
    );
  }
}

/** With room for all, each finding on lines of the diff has a comment of its own unless another's is there. */
export function holdGenerous(
  { life, known: faults }: { readonly life: PlayedLife; readonly known: KnownFaults },
  { review }: PlayedShow,
): void {
  const { anchors } = life.world.github;
  for (const { fault, file, line, path } of review.sighted) {
    const known = faults.byToken.get(fault.token);
    if (line === null || known === undefined || known.isMurky) continue;
    if (known.fate === 'dismissed') continue;
    const at = file.lines.indexOf(line);
    // One suggestion may be for all of them, and speaks of the worst.
    const isShared = [-2, -1, 1, 2].some((step) => {
      const other = file.lines[at + step];
      return other !== undefined && (other.fault !== null || other.tidied !== null);
    });
    const isInside = (anchors?.get(path) ?? []).some(
      ({ newStart, newLines }) => at + 1 >= newStart && at + 1 < newStart + newLines,
    );
    if (!isInside || isShared) continue;
    hold(known.comments === 1, `${known.comments} comments on ${fault.token}, with room for all`);
  }
}
