import { z } from 'zod';
import { CheckCommand, maxCheckCommands } from '../domain/check-command.ts';
import { Finding } from '../domain/finding.ts';
import { CommitSha, TaskId } from '../domain/ids.ts';
import { ModelApi } from '../domain/model-api.ts';
import { Parameters } from '../domain/parameters.ts';
import { Purpose } from '../domain/purpose.ts';
import { RepoPath } from '../domain/repo-path.ts';
import { shortList } from '../domain/short-list.ts';
import { TaskKind } from '../domain/task.ts';
import { maxPolicyLabels } from '../domain/triage-answer.ts';

/** Version of the contract between control plane and sandbox; both sides refuse any other. */
export const protocolVersion = 2;

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

/** Most bytes of `prompt.md`, in UTF-8. */
export const maxPromptBytes = 512 * 1024;

/** What the maintainers' policy tells the agent, and the file of the base branch that says it. */
export const PolicyInstructions = z.strictObject({
  path: z.string().max(1_024),
  text: z
    .string()
    .refine((text) => Buffer.byteLength(text) <= maxPolicyInstructionBytes, 'is at most 16 KiB'),
});
export type PolicyInstructions = z.infer<typeof PolicyInstructions>;

/** The model that the agent is to use. It has no key: what it sends for one is taken off on the way. */
export const TaskModel = z.strictObject({
  api: ModelApi,
  /** It is asked at `http://127.0.0.1:3129/<label>/v1/…`. */
  label: z.string().regex(/^[a-z0-9-]{1,40}$/),
  name: z.string().regex(/^[A-Za-z0-9._:/-]{1,128}$/),
});
export type TaskModel = z.infer<typeof TaskModel>;

/** Most findings that an agent is told of. */
export const maxPriorFindings = 1_000;

/** Something that was found before. `id` is what it is called on the pull request, or in this task alone. */
export const PriorFinding = Finding.pick({
  tool: true,
  rule: true,
  severity: true,
  path: true,
  range: true,
  message: true,
}).extend({
  id: z.string().regex(/^[a-z0-9]{1,12}$/),
  /** `asked`: it is what the task is about. */
  state: z.enum(['open', 'dismissed', 'asked']),
});
export type PriorFinding = z.infer<typeof PriorFinding>;

/** `/task/task.json`: everything an agent is told. Holds no credential, by construction: no field for one. */
export const TaskInput = z.strictObject({
  protocol: z.literal(protocolVersion),
  taskId: TaskId,
  kind: TaskKind,
  /** Absent: as the kind says. `judge` is asked of the `priorFindings`, `verify` runs the `commands`. */
  purpose: z.enum([...Purpose.options, 'judge', 'verify']).optional(),
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
  /** Absent: the task has no model. */
  model: TaskModel.optional(),
  /** What was found here before; absent: nothing. */
  priorFindings: shortList(PriorFinding, maxPriorFindings).optional(),
  /**
   * Files of the workspace that need not be those of `/base` although they are not in `changedFiles`; those that steer
   * agents are the base branch's, or absent. Absent: none.
   */
  replaced: z.array(RepoPath).optional(),
  /** Is `/base` the whole tree of the merge base? Absent: it is empty. */
  hasBase: z.boolean().optional(),
  /** The labels that a triage may propose; absent: none. */
  labels: shortList(z.string().min(1).max(100), maxPolicyLabels).optional(),
  /** What `verify` runs, in this order. */
  commands: shortList(CheckCommand, maxCheckCommands).optional(),
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
