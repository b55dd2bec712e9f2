import { type CodeOwner, isOwner } from '../code-owners.ts';
import type { EffectiveTask } from '../effective-policy.ts';
import { Effort } from '../effort.ts';
import { GlobList } from '../glob-list.ts';
import { protectedPaths } from '../protected-path.ts';
import { mayApprove } from './people.ts';
import type { Person, Verdict } from './person.ts';

const hourMs = 3_600_000;
/** Steps that the paths of one patch are worth: 300 files and 6,000 globs. About 40 ms. */
const stepsAPatch = 2_000_000;

/** A patch as gate 2 sees it: its files after the change; a file that goes away has 0 bytes. */
export interface PatchFacts {
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
  /** Groups of owners, of which each has to approve where the policy asks for owners. */
  readonly ownerGroups: readonly (readonly CodeOwner[])[];
}

/** What a patch needs before it may be written. */
export interface GateRequirements {
  /** Why no approval helps; empty when one does. */
  readonly refused: readonly string[];
  readonly count: number;
  readonly requesterMayApprove: boolean;
  readonly ownerGroups: readonly (readonly CodeOwner[])[];
  readonly maxAgeMs: number;
}

/** How long an approval of this task holds, ms. */
export function approvalAgeMs({ approvals }: Pick<EffectiveTask, 'approvals'>): number {
  return approvals.expiresAfterHours * hourMs;
}

/** What gate 2 asks for this patch of this task. */
export function gateRequirements(task: EffectiveTask, patch: PatchFacts): GateRequirements {
  const { count, requesterMayApprove, codeOwners } = task.approvals;
  return {
    refused: [...refusedOutput(task), ...refusedFiles(task, patch), ...refusedSizes(task, patch)],
    count,
    requesterMayApprove,
    ownerGroups: codeOwners ? patch.ownerGroups : [],
    maxAgeMs: approvalAgeMs(task),
  };
}

function refusedOutput({ outputs }: EffectiveTask): readonly string[] {
  return outputs.patch === 'none' ? ['The policy lets no patch of this task through.'] : [];
}

function refusedFiles(task: EffectiveTask, { files }: PatchFacts): readonly string[] {
  const effort = new Effort(stepsAPatch);
  const guard = protectedPaths(task.protectedPaths);
  const allowed = task.patch.paths.map((globs) => ({ globs, list: new GlobList(globs) }));
  const reasons = files.flatMap(({ path }) => {
    const pattern = guard.find(path, effort);
    if (typeof pattern === 'string') return `${quoted(path)} is protected by ${pattern}.`;
    const missed = allowed.find(({ list }) => list.takes(path, effort) === false);
    return missed === undefined ? [] : `${quoted(path)} is not among ${missed.globs.join(', ')}.`;
  });
  if (!effort.isSpent) return reasons;
  // What could not be compared might be protected.
  return [...reasons, 'Its paths take too long to compare with the globs of the policy.'];
}

/** A path may have any character but NUL, line breaks as well. */
function quoted(path: string): string {
  return JSON.stringify(path);
}

/** A size that is no number is over every cap. */
function refusedSizes({ patch }: EffectiveTask, { files }: PatchFacts): readonly string[] {
  const { maxFiles, maxFileBytes, maxBytes } = patch;
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const large = files.filter(({ bytes }) => !(bytes <= maxFileBytes));
  return [
    files.length <= maxFiles ? [] : `The patch has ${files.length} files, over ${maxFiles}.`,
    total <= maxBytes ? [] : `The patch has ${total} bytes, over ${maxBytes}.`,
    ...large.map(({ path, bytes }) => `${quoted(path)} has ${bytes} bytes, over ${maxFileBytes}.`),
  ].flat();
}

/** An approval, and what is known of who gave it at the moment of the decision. */
export interface GivenApproval {
  readonly person: Person;
  readonly emails?: readonly string[];
  readonly isRequester: boolean;
  /** Epoch ms. */
  readonly atMs: number;
}

/**
 * Is gate 2 open? Counts people, not approvals; those who may not approve, and approvals that are too
 * old or from the future, do not count. The reason tells everything that is still missing.
 */
export function judgeApprovals(
  task: EffectiveTask,
  patch: PatchFacts,
  facts: { readonly approvals: readonly GivenApproval[]; readonly nowMs: number },
): Verdict {
  const { refused, count, ownerGroups, maxAgeMs } = gateRequirements(task, patch);
  if (refused.length > 0) return { allowed: false, reason: refused.join(' ') };
  const valid = facts.approvals.filter(({ person, isRequester, atMs }) => {
    const ageMs = facts.nowMs - atMs;
    return ageMs >= 0 && ageMs <= maxAgeMs && mayApprove(task, person, { isRequester }).allowed;
  });
  const people = new Set(valid.map(({ person }) => person.id)).size;
  const open = ownerGroups.filter((owners) => !valid.some((given) => isOneOf(owners, given)));
  const missing = [
    people >= count ? [] : `${people} of ${count} approvals that count.`,
    ...open.map((owners) => `An approval is missing by ${owners.map(nameOf).join(' or ')}.`),
  ].flat();
  if (missing.length > 0) return { allowed: false, reason: missing.join(' ') };
  return { allowed: true, reason: `Approved by ${people} of ${count}.` };
}

function isOneOf(owners: readonly CodeOwner[], { person, emails = [] }: GivenApproval): boolean {
  const { login, permission, teams } = person;
  return isOwner(owners, { login, permission, teams, emails });
}

/** In code, since a refusal must not be a way to ping people. */
function nameOf(owner: CodeOwner): string {
  switch (owner.kind) {
    case 'user':
      return `\`@${owner.login}\``;
    case 'team':
      return `\`@${owner.team}\``;
    default:
      return `\`${owner.address}\``;
  }
}
