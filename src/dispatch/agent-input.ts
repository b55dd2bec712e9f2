import type { Task } from '../domain/task.ts';
import type { EffectiveTask } from '../policy/effective-policy.ts';
import type { SourceSnapshot } from '../ports/source.ts';
import {
  type ChangedFile,
  type PolicyInstructions,
  protocolVersion,
  type TaskInput,
} from '../protocol/task-input.ts';

/** What an agent is to do, and by which rules. */
export interface AgentOrder {
  readonly task: Pick<Task, 'id' | 'kind' | 'headSha' | 'baseSha' | 'instructions'> &
    Partial<Pick<Task, 'parameters'>>;
  readonly rules: Pick<EffectiveTask, 'agent' | 'commands' | 'limits'>;
  readonly policyInstructions?: PolicyInstructions | null;
}

/** All that the agent is told: what it may see of the changes, what the policy and a maintainer say, its ceilings. */
export function agentInput(
  run: AgentOrder,
  snapshot: Pick<SourceSnapshot, 'headTime'>,
  changedFiles: ChangedFile[],
): TaskInput {
  const { task, rules } = run;
  const { parameters = {} } = task;
  const { wallClockMs, resultBytes, resultFiles, findings, eventBytes, pids } = rules.limits;
  return {
    protocol: protocolVersion,
    taskId: task.id,
    kind: task.kind,
    agent: rules.agent,
    headSha: task.headSha,
    baseSha: task.baseSha,
    policyInstructions: run.policyInstructions ?? null,
    instructions: task.instructions,
    // Left out where there are none, so that the input of such a task is what it always was.
    ...(Object.keys(parameters).length === 0 ? {} : { parameters }),
    changedFiles,
    ...(rules.commands.length === 0 ? {} : { commands: rules.commands }),
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
