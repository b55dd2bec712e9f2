import { z } from 'zod';
import { Digest, TaskId } from './ids.ts';

/** JSON as it may stand in the ledger: finite numbers only. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/** What happened. `type` is dotted lower case, e.g. `task.queued`, `gate.write.approved`. */
export const LedgerEvent = z.strictObject({
  type: z.string().regex(/^[a-z]+(?:[.-][a-z]+)*$/),
  taskId: TaskId.nullable(),
  data: z.record(z.string(), z.json()),
});
export type LedgerEvent = z.infer<typeof LedgerEvent>;

/**
 * One row of the ledger. `hash` is SHA-256 over the canonical JSON (RFC 8785) of the row without `hash`;
 * `previousHash` is the hash of the row before, or 64 zeros for the first.
 */
export const LedgerEntry = z.strictObject({
  ...LedgerEvent.shape,
  seq: z.int().min(1),
  atMs: z.int().nonnegative(),
  previousHash: Digest,
  hash: Digest,
});
export type LedgerEntry = z.infer<typeof LedgerEntry>;

/** Where the ledger stood at some moment: enough to notice that it was cut or rewritten since. */
export const LedgerHead = z.strictObject({ seq: z.int().nonnegative(), hash: Digest });
export type LedgerHead = z.infer<typeof LedgerHead>;
