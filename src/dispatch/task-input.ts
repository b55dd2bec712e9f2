import type { Task } from '../domain/task.ts';
import type { EffectiveTask } from '../policy/effective-policy.ts';
import type { SourceSnapshot } from '../ports/source.ts';
import {
  type ChangedFile,
  type PolicyInstructions,
  protocolVersion,
  type TaskInput,
} from '../protocol/task-input.ts';

/** A task, the rules it goes by, and what the policy tells the agent. */
interface ToldTask {
  readonly task: Pick<Task, 'id' | 'kind' | 'headSha' | 'baseSha' | 'instructions'>;
  readonly rules: EffectiveTask;
  readonly policyInstructions?: PolicyInstructions | null;
}

/** What the agent is told of its task. Everything in it is data. */
export function taskInput(
  told: ToldTask,
  snapshot: SourceSnapshot,
  changedFiles: ChangedFile[],
): TaskInput {
  const { task, rules } = told;
  const { wallClockMs, resultBytes, resultFiles, findings, eventBytes, pids } = rules.limits;
  return {
    protocol: protocolVersion,
    taskId: task.id,
    kind: task.kind,
    agent: rules.agent,
    headSha: task.headSha,
    baseSha: task.baseSha,
    policyInstructions: told.policyInstructions ?? null,
    instructions: task.instructions,
    changedFiles,
    sourceDateEpoch: snapshot.headTime,
    // The supervisor stops the agent a little before the whole container is killed, to keep its findings.
    limits: {
      agentMs: Math.ceil(wallClockMs * 0.9),
      resultBytes,
      resultFiles,
      findings,
      outputBytes: eventBytes,
      pids,
    },
  };
}
