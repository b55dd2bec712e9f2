import { isUtf8 } from 'node:buffer';
import { isPassed } from '../domain/check-command.ts';
import type { Outcome, ProposedChange, RefusedChange } from '../domain/outcome.ts';
import { pathFault } from '../domain/path-fault.ts';
import { boundByPurpose } from '../policy/decide/doc-paths.ts';
import { gateRequirements, type PatchFacts } from '../policy/decide/gate.ts';
import type { EffectiveTask } from '../policy/effective-policy.ts';
import { refusedInWords } from './refused-in-words.ts';

/** What gate 2 says of a patch before anybody is asked: nothing to do, refused, or fit to be approved. */
export type PatchVerdict =
  | { readonly status: 'empty' }
  | { readonly status: 'refused'; readonly reasons: readonly string[] }
  | { readonly status: 'approvable' };

/** Changes with the content of each change's `after`, by path. */
export interface GatedPatch {
  readonly changes: readonly ProposedChange[];
  readonly afterBytes: ReadonlyMap<string, Uint8Array>;
}

/**
 * Judges a whole patch: one bad change refuses all of it, since a person approves the patch and not
 * its parts.
 */
export function gatePatch(
  rules: EffectiveTask,
  patch: GatedPatch &
    Pick<Outcome, 'proof' | 'verification' | 'purpose'> & {
      readonly refused: readonly RefusedChange[];
    },
): PatchVerdict {
  const bound = boundByPurpose(rules, patch.purpose);
  const reasons = [
    ...patch.refused.map(
      ({ path, reason }) => `${JSON.stringify(path)}: ${refusedInWords[reason]}`,
    ),
    ...patch.changes.flatMap((change) => reasonsAgainst(change, patch.afterBytes)),
    ...gateRequirements(bound, { files: filesOf(patch), ownerGroups: [] }).refused,
    ...(patch.changes.length === 0 ? [] : reasonsOfTrials(rules, patch)),
  ];
  if (reasons.length > 0) return { status: 'refused', reasons };
  return patch.changes.length === 0 ? { status: 'empty' } : { status: 'approvable' };
}

/** A patch that had to be tried and was not is refused as one that failed. */
function reasonsOfTrials(
  { verify }: Pick<EffectiveTask, 'verify'>,
  { verification, proof }: Pick<Outcome, 'proof' | 'verification'>,
): readonly string[] {
  const isAsked = verify.required && verify.commands.length > 0;
  const isVerified = verification?.status === 'passed';
  const whyUnproven = proof?.status === 'not-proven' ? proof.reason : null;
  return [
    ...(isAsked && !isVerified
      ? [`The policy asks for its commands to pass: ${howTried(verification)}.`]
      : []),
    ...(whyUnproven === null ? [] : [`The tests are not offered: ${whyUnproven}.`]),
  ];
}

function howTried(verification: Outcome['verification']): string {
  if (verification?.status !== 'failed') {
    return `they were not run (${verification?.reason ?? 'no result'})`;
  }
  const failed = verification.commands.filter((one) => !isPassed(one));
  return `${failed.map(({ name }) => name).join(', ')} failed`;
}

/** The files of a patch as the policy's own rules see them. What cannot be read is refused for that alone. */
export function filesOf({ changes, afterBytes }: GatedPatch): PatchFacts['files'] {
  return changes.map(({ path }) => ({ path, bytes: afterBytes.get(path)?.byteLength ?? 0 }));
}

function reasonsAgainst(
  change: ProposedChange,
  afterBytes: ReadonlyMap<string, Uint8Array>,
): readonly string[] {
  const name = JSON.stringify(change.path);
  const fault = pathFault(change.path, { isInHead: change.before !== null });
  const reasons = fault === undefined ? [] : [`${name}: ${refusedInWords[fault]}`];
  if (change.after === null) return reasons;
  const bytes = afterBytes.get(change.path);
  // A check that cannot run denies.
  if (bytes === undefined) return [...reasons, `${name}: its content could not be read`];
  if (isUtf8(bytes) && !bytes.includes(0)) return reasons;
  return [...reasons, `${name}: binary content is never committed`];
}
