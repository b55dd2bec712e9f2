import { compareText } from './order.ts';
import type { FileSides } from './patch-text.ts';

/** Bytes of both sides of all files that a report looks into. Beyond, it names files and no more. */
const maxBytes = 8 * 1024 * 1024;
/** Squared line differences of all files together; measured, 8 million take half a second. */
const maxSquares = 8_000_000;
const mostEdits = 2_000;

/** What of a patch a report looks into, in path order. */
export interface Reach {
  readonly near: readonly (readonly [path: string, sides: FileSides])[];
  readonly far: readonly (readonly [path: string, sides: FileSides])[];
  /** Most lines that may differ in one file before its change is shown as one piece. */
  readonly maxEdits: number;
}

/**
 * Shares out what planning one report may cost. A report is planned in one go by the process that also
 * takes webhooks: hundreds of files that differ in every line would stop it for minutes, again and again,
 * since a job whose lock runs out is started anew.
 */
export function reachOf(files: ReadonlyMap<string, FileSides>): Reach {
  let bytes = 0;
  const inOrder = [...files].sort(([a], [b]) => compareText(a, b));
  const firstFar = inOrder.findIndex(([, { before, after }]) => {
    bytes += (before?.length ?? 0) + (after?.length ?? 0);
    return bytes > maxBytes;
  });
  const count = firstFar === -1 ? inOrder.length : firstFar;
  const share = Math.floor(Math.sqrt(maxSquares / Math.max(1, count)));
  return {
    near: inOrder.slice(0, count),
    far: inOrder.slice(count),
    maxEdits: Math.min(mostEdits, share),
  };
}
