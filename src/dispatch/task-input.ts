import type { SourceSnapshot } from '../ports/source.ts';
import { type ChangedFile, protocolVersion, type TaskInput } from '../protocol/task-input.ts';
import type { AgentRun } from './run-agent.ts';

/** What the agent is told of its task. Everything in it is data. */
export function taskInput(
  run: AgentRun,
  snapshot: SourceSnapshot,
  changedFiles: ChangedFile[],
): TaskInput {
  const { task, rules } = run;
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
