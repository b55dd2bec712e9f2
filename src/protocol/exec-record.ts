import { z } from 'zod';
import { shortList } from '../domain/short-list.ts';

/** Most items of one `exec` event. */
export const maxBatchItems = 100;
/** Most bytes of one `exec` event as JSON; an event line may be twice as long. */
export const maxBatchBytes = 60_000;
/** Most bytes of one program's arguments, together; what is beyond is left out and said so. */
export const maxArgvBytes = 4_096;
/** Most arguments of one program that are told. */
export const maxArguments = 512;
/** Most executed programs and started processes that are told, together; the rest is only counted. */
export const maxRecords = 5_000;
/** Most bytes of a whole record as JSON. */
export const maxRecordBytes = 1024 * 1024;

/** Text that a program chose. NUL and halves of characters are nothing that an argument can hold. */
const Text = z
  .string()
  .max(maxArgvBytes)
  .refine(
    (text) => text.isWellFormed() && !text.includes('\0'),
    'text that no program can be given',
  );

const pid = z.int().min(1);
const atMs = z.int().nonnegative();

/**
 * One entry of the record of processes, as the kernel told the supervisor. Times are epoch ms.
 * - `exec`: the process became this program. `parent` is the process that started it; null when it could
 *   not be told. `path` and `argv` are what was asked for, as it stood in memory when the call was made.
 * - `fork`: a process that has not (yet) executed anything.
 * - `exit`: a process ended, by itself with `code` or by `signal`; exactly one of them is not null.
 */
export const ExecEntry = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('exec'),
    pid,
    parent: pid.nullable(),
    atMs,
    path: Text,
    argv: shortList(Text, maxArguments),
    /** Is something of `path` or `argv` left out? */
    truncated: z.boolean(),
  }),
  z.strictObject({ kind: z.literal('fork'), pid, parent: pid.nullable(), atMs }),
  z
    .strictObject({
      kind: z.literal('exit'),
      pid,
      atMs,
      code: z.int().min(0).max(255).nullable(),
      signal: z
        .string()
        .regex(/^SIG[A-Z0-9_+]{1,16}$/)
        .nullable(),
    })
    .refine(({ code, signal }) => (code === null) !== (signal === null), 'ends in one way'),
]);
export type ExecEntry = z.infer<typeof ExecEntry>;

const Batch = shortList(ExecEntry, maxBatchItems).refine(({ length }) => length > 0, 'is empty');

/** What the supervisor says of processes. */
export const ExecEvents = [
  z.strictObject({ type: z.literal('exec'), batch: Batch }),
  /** The record is full: what follows is counted and not told. At most once. */
  z.strictObject({ type: z.literal('exec-capped'), entries: z.int().nonnegative() }),
  /** The record is complete to the last process; a result without it is not taken. */
  z.strictObject({
    type: z.literal('exec-end'),
    execs: z.int().nonnegative(),
    processes: z.int().nonnegative(),
    /** Entries that were not told because the record was full. */
    dropped: z.int().nonnegative(),
  }),
  /** Processes cannot be recorded; nothing was run, or what ran was ended. */
  z.strictObject({ type: z.literal('no-exec-record') }),
] as const;
