import { createHash } from 'node:crypto';
import { z } from 'zod';

/** A task's name: `t` and 24 hex digits. Derived, never random: see `taskIdFor`. */
export const TaskId = z
  .string()
  .regex(/^t[0-9a-f]{24}$/, 'a task id is t and 24 hex digits')
  .brand<'TaskId'>();
export type TaskId = z.infer<typeof TaskId>;

/** A full SHA-1 commit id, lower case. Abbreviations are refused: they can be forged by collision. */
export const CommitSha = z
  .string()
  .regex(/^[0-9a-f]{40}$/, 'a commit SHA is 40 lower-case hex digits')
  .brand<'CommitSha'>();
export type CommitSha = z.infer<typeof CommitSha>;

/** A content digest, `sha256:` and 64 hex digits. */
export const Digest = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/, 'a digest is sha256: and 64 hex digits')
  .brand<'Digest'>();
export type Digest = z.infer<typeof Digest>;

/** The `X-GitHub-Delivery` of a webhook; it names the event, not the attempt. */
export const DeliveryId = z
  .string()
  .regex(/^[0-9A-Za-z-]{1,80}$/, 'a delivery id is up to 80 letters, digits and dashes')
  .brand<'DeliveryId'>();
export type DeliveryId = z.infer<typeof DeliveryId>;

/** SHA-256 of bytes or of a string's UTF-8, as a `Digest`. */
export function digestOf(content: Uint8Array | string): Digest {
  return Digest.parse(`sha256:${createHash('sha256').update(content).digest('hex')}`);
}

/** The first hex digits of a SHA-256, at most 64: a name for what need not be kept from anybody. */
export function shortDigestOf(content: string, digits: number): string {
  return digestOf(content).slice('sha256:'.length).slice(0, digits);
}

/**
 * The id of the task that `cause` (a delivery id, or a local run's name) asks for.
 * The same cause gives the same id, so planning an event twice makes one task.
 */
export function taskIdFor(cause: string, name: string): TaskId {
  const hash = createHash('sha256')
    .update(JSON.stringify([cause, name]))
    .digest('hex');
  return TaskId.parse(`t${hash.slice(0, 24)}`);
}
