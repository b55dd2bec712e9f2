import { z } from 'zod';
import { CommitSha, TaskId } from '../domain/ids.ts';
import { Parameters } from '../domain/parameters.ts';
import { RepoPath } from '../domain/repo-path.ts';
import { TaskKind } from '../domain/task.ts';

/** Version of the contract between control plane and sandbox; both sides refuse any other. */
export const protocolVersion = 1;

/** One file of the pull request's diff (merge base → head), as the agent sees it. */
export const ChangedFile = z.strictObject({
  path: RepoPath,
  previousPath: RepoPath.nullable(),
  status: z.enum(['added', 'modified', 'renamed', 'deleted', 'type-changed']),
  kind: z.enum(['text', 'binary', 'symlink', 'submodule']),
  /** Lines of the head file that the pull request added or changed, 1-based inclusive pairs. */
  addedLines: z.array(z.tuple([z.int().min(1), z.int().min(1)])),
});
export type ChangedFile = z.infer<typeof ChangedFile>;

/** Most bytes of the file that a policy names to tell an agent what to do. */
export const maxPolicyInstructionBytes = 16 * 1024;

/** What the maintainers' policy tells the agent, and the file of the base branch that says it. */
export const PolicyInstructions = z.strictObject({
  path: z.string().max(1_024),
  text: z
    .string()
    .refine((text) => Buffer.byteLength(text) <= maxPolicyInstructionBytes, 'is at most 16 KiB'),
});
export type PolicyInstructions = z.infer<typeof PolicyInstructions>;

/** `/task/task.json`: everything an agent is told. Holds no credential, by construction: no field for one. */
export const TaskInput = z.strictObject({
  protocol: z.literal(protocolVersion),
  taskId: TaskId,
  kind: TaskKind,
  agent: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/),
  headSha: CommitSha,
  baseSha: CommitSha,
  /** What the policy says, before what a maintainer adds to it; absent or null: nothing. Data, as that is. */
  policyInstructions: PolicyInstructions.nullable().optional(),
  /** What the maintainer wrote after `/sallyport fix`; data for an agent, never a command line. */
  instructions: z.string().max(4_000).nullable(),
  /** What the task was started with, by name; absent: nothing. Data beside the instructions. */
  parameters: Parameters.optional(),
  changedFiles: z.array(ChangedFile),
  /** Commit time of the head in epoch seconds: the only clock value an agent should write into files. */
  sourceDateEpoch: z.int().nonnegative(),
  limits: z.strictObject({
    agentMs: z.int().positive(),
    resultBytes: z.int().positive(),
    resultFiles: z.int().positive(),
    findings: z.int().positive(),
    /** What the agent may print; absent: only the log is cut. */
    outputBytes: z.int().positive().optional(),
    /** Processes and threads; absent: what the engine allows. */
    pids: z.int().positive().optional(),
  }),
});
export type TaskInput = z.infer<typeof TaskInput>;
