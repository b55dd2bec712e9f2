import { z } from 'zod';

const bytes = z.int().min(1);

/** The hard ceilings of one task. Reaching one ends the task with that reason by name. */
export const Limits = z.strictObject({
  /** Memory and memory+swap of the container, one number for both: there is no swap. */
  memoryBytes: bytes,
  cpus: z.number().positive().max(256),
  /** Processes and threads in the container. */
  pids: z.int().min(16),
  openFiles: z.int().min(64),
  workspaceBytes: bytes,
  workspaceInodes: z.int().min(100),
  tmpBytes: bytes,
  /** From container start to its end, whatever it is doing. */
  wallClockMs: z.int().min(1_000),
  /** One file of the head tree larger than this is left out of the input, with a note. */
  inputFileBytes: bytes,
  /** All event and log bytes that a sandbox may send. */
  eventBytes: bytes,
  /** Manifest and changed files together. */
  resultBytes: bytes,
  resultFiles: z.int().min(1),
  findings: z.int().min(1),
});
export type Limits = z.infer<typeof Limits>;
