import type { Task } from '../domain/task.ts';
import type { EffectiveTask } from '../policy/effective-policy.ts';
import type { SourceSnapshot } from '../ports/source.ts';
import {
  type ChangedFile,
  type PolicyInstructions,
  type PriorFinding,
  protocolVersion,
  type TaskInput,
  type TaskModel,
} from '../protocol/task-input.ts';
import { replacedPaths } from './replaced-paths.ts';

/** What an agent is to do, and by which rules. */
export interface AgentOrder {
  readonly task: Pick<Task, 'id' | 'kind' | 'headSha' | 'baseSha' | 'instructions'> &
    Partial<Pick<Task, 'parameters'>>;
  readonly rules: Pick<EffectiveTask, 'agent' | 'commands' | 'limits'>;
  readonly policyInstructions?: PolicyInstructions | null;
  /** What the agent is to achieve; as the task's kind says when left out. */
  readonly purpose?: TaskInput['purpose'];
  /** None when left out. */
  readonly model?: TaskModel | null;
  /** None when left out. */
  readonly priorFindings?: readonly PriorFinding[];
  /** Those that a triage may propose; none when left out. */
  readonly labels?: readonly string[];
}

type Steered = Partial<Pick<SourceSnapshot, 'replaced'>>;

/** All that the agent is told: what it may see of the changes, what the policy and a maintainer say, its ceilings. */
export function agentInput(
  run: AgentOrder,
  snapshot: Pick<SourceSnapshot, 'headTime'> & Steered,
  changedFiles: ChangedFile[],
): TaskInput {
  const { task, rules } = run;
  const { parameters = {} } = task;
  const { wallClockMs, resultBytes, resultFiles, findings, eventBytes, pids } = rules.limits;
  return {
    protocol: protocolVersion,
    taskId: task.id,
    kind: task.kind,
    ...(run.purpose === undefined ? {} : { purpose: run.purpose }),
    agent: rules.agent,
    headSha: task.headSha,
    baseSha: task.baseSha,
    policyInstructions: run.policyInstructions ?? null,
    instructions: task.instructions,
    // Left out where there are none, so that the input of such a task is what it always was.
    ...(Object.keys(parameters).length === 0 ? {} : { parameters }),
    changedFiles,
    ...ofModels(run, snapshot),
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

/** What only agents are told that may be led by a model. */
function ofModels(
  { model = null, priorFindings = [], labels = [] }: AgentOrder,
  snapshot: Steered,
): Pick<TaskInput, 'model' | 'priorFindings' | 'replaced' | 'labels'> {
  const replaced = replacedPaths(snapshot);
  return {
    ...(model === null ? {} : { model }),
    ...(priorFindings.length === 0 ? {} : { priorFindings: [...priorFindings] }),
    ...(replaced.length === 0 ? {} : { replaced: [...replaced] }),
    ...(labels.length === 0 ? {} : { labels: [...labels] }),
  };
}
