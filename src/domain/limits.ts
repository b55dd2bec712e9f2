import { z } from 'zod';

const bytes = z.int().min(1);

/** The hard ceilings of one task. Reaching one ends the task with that reason by name. */
export const Limits = z.strictObject({
  /** Memory and memory+swap of the container, one number for both: there is no swap. */
  memoryBytes: bytes.describe('Memory of the container, tmpfs included; there is no swap.'),
  cpus: z.number().positive().max(256).describe('Processors.'),
  /** Processes and threads in the container. */
  pids: z.int().min(16).describe('Processes and threads at one time.'),
  openFiles: z.int().min(64).describe('Open files of one process.'),
  workspaceBytes: bytes.describe('Bytes of the workspace; they count as memory.'),
  workspaceInodes: z.int().min(100).describe('Files and folders of the workspace.'),
  tmpBytes: bytes.describe('Bytes of /tmp and of the home folder; they count as memory.'),
  /** From container start to its end, whatever it is doing. */
  wallClockMs: z
    .int()
    .min(1_000)
    .describe('Milliseconds from the start of the container to its end.'),
  /** One file of the head tree larger than this is left out of the input, with a note. */
  inputFileBytes: bytes.describe('A larger file of the repository does not go in.'),
  /** What an agent may print, and all event bytes that a sandbox may send. */
  eventBytes: bytes.describe('Bytes that the agent may print.'),
  /** Manifest and changed files together. */
  resultBytes: bytes.describe('Bytes of the result.'),
  resultFiles: z.int().min(1).describe('Files of the result.'),
  findings: z.int().min(1).describe('Findings of the result.'),
});
export type Limits = z.infer<typeof Limits>;

/**
 * The ceilings that end a task, by the name that its reason has. Memory, processes and disk only make a
 * system call fail in the sandbox: they are the reason when the agent failed and the ceiling was hit.
 * Open files are no reason: only the process that is refused one knows (`EMFILE`).
 */
export const LimitReason = z.enum([
  'limit:memory',
  'limit:pids',
  'limit:disk',
  'limit:wall-clock',
  'limit:output',
  'limit:result-size',
  'limit:result-files',
  'limit:findings',
]);
export type LimitReason = z.infer<typeof LimitReason>;
