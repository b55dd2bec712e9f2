import { z } from 'zod';
import { CommitSha, TaskId } from '../domain/ids.ts';
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

/** `/task/task.json`: everything an agent is told. Holds no credential, by construction: no field for one. */
export const TaskInput = z.strictObject({
  protocol: z.literal(protocolVersion),
  taskId: TaskId,
  kind: TaskKind,
  agent: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/),
  headSha: CommitSha,
  baseSha: CommitSha,
  /** What the maintainer wrote after `/sallyport fix`; data for an agent, never a command line. */
  instructions: z.string().max(4_000).nullable(),
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
