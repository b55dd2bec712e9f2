import { CommitSha, type TaskId } from '../../../src/domain/ids.ts';
import type { Limits } from '../../../src/domain/limits.ts';
import type { TaskInput } from '../../../src/protocol/task-input.ts';

/** A task for the agent `probe`. */
export function probeTask(
  taskId: TaskId,
  program: string,
  { limits, agentMs }: { limits: Limits; agentMs: number },
): TaskInput {
  const { resultBytes, resultFiles, findings, eventBytes: outputBytes, pids } = limits;
  return {
    protocol: 2,
    taskId,
    kind: 'review',
    agent: 'probe',
    headSha: CommitSha.parse('a'.repeat(40)),
    baseSha: CommitSha.parse('b'.repeat(40)),
    instructions: program,
    changedFiles: [],
    sourceDateEpoch: 1_700_000_000,
    limits: { agentMs, resultBytes, resultFiles, findings, outputBytes, pids },
  };
}
