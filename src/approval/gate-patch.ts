import { isUtf8 } from 'node:buffer';
import type { ProposedChange, RefusedChange } from '../domain/outcome.ts';
import { pathFault } from '../domain/path-fault.ts';
import { protectingPattern } from '../policy/protected-path.ts';
import type { Policy } from '../policy/schema.ts';

/** What gate 2 says of a patch before anybody is asked: nothing to do, refused, or fit to be approved. */
export type PatchVerdict =
  | { readonly status: 'empty' }
  | { readonly status: 'refused'; readonly reasons: readonly string[] }
  | { readonly status: 'approvable' };

/**
 * Judges a whole patch: one bad change refuses all of it, since a person approves the patch and not
 * its parts. `bytesOf` gives the content of a change's `after`.
 */
export function gatePatch(
  policy: Policy,
  patch: {
    readonly changes: readonly ProposedChange[];
    readonly refused: readonly RefusedChange[];
    readonly afterBytes: ReadonlyMap<string, Uint8Array>;
  },
): PatchVerdict {
  const reasons = [
    ...patch.refused.map(
      (change) => `${JSON.stringify(change.path)}: ${change.reason} is never committed`,
    ),
    ...patch.changes.flatMap((change) => reasonsAgainst(policy, change, patch.afterBytes)),
    ...sizeReasons(policy, patch.changes, patch.afterBytes),
  ];
  if (reasons.length > 0) return { status: 'refused', reasons };
  return patch.changes.length === 0 ? { status: 'empty' } : { status: 'approvable' };
}

function reasonsAgainst(
  policy: Policy,
  change: ProposedChange,
  afterBytes: ReadonlyMap<string, Uint8Array>,
): readonly string[] {
  const name = JSON.stringify(change.path);
  const reasons: string[] = [];
  const fault = pathFault(change.path, { isInHead: change.before !== null });
  if (fault !== undefined) reasons.push(`${name}: ${fault} is never committed`);
  const pattern = protectingPattern(policy.protectedPaths, change.path);
  if (pattern !== undefined) reasons.push(`${name}: protected by ${JSON.stringify(pattern)}`);
  if (change.after === null) return reasons;
  const bytes = afterBytes.get(change.path);
  // A check that cannot run denies.
  if (bytes === undefined) return [...reasons, `${name}: its content could not be read`];
  if (bytes.byteLength > policy.patch.maxFileBytes) {
    reasons.push(`${name}: ${bytes.byteLength} bytes, more than ${policy.patch.maxFileBytes}`);
  }
  if (!isUtf8(bytes) || bytes.includes(0))
    reasons.push(`${name}: binary content is never committed`);
  return reasons;
}

function sizeReasons(
  policy: Policy,
  changes: readonly ProposedChange[],
  afterBytes: ReadonlyMap<string, Uint8Array>,
): readonly string[] {
  const total = [...afterBytes.values()].reduce((sum, bytes) => sum + bytes.byteLength, 0);
  const reasons: string[] = [];
  if (changes.length > policy.patch.maxFiles) {
    reasons.push(`${changes.length} files, more than ${policy.patch.maxFiles}`);
  }
  if (total > policy.patch.maxBytes)
    reasons.push(`${total} bytes, more than ${policy.patch.maxBytes}`);
  return reasons;
}
