import { isAnalyser } from '../domain/analysers.ts';
import type { EffectiveTask } from '../policy/effective-policy.ts';
import type { EgressPolicy } from '../policy/egress-policy.ts';
import type { OverlayFile, SourceSnapshot } from '../ports/source.ts';
import type { ChangedFile, TaskInput } from '../protocol/task-input.ts';
import { agentInput } from './agent-input.ts';
import { runStage, type StagedRun, type StageFailure, type StageResult } from './run-stage.ts';
import type { Spent } from './spent.ts';
import type { StageName } from './stage-name.ts';

/** What all stages after the agent's have from it. */
export interface Ground extends StagedRun {
  readonly snapshot: SourceSnapshot;
  /** As the agent was told of them. */
  readonly changedFiles: ChangedFile[];
  readonly spent: Spent;
}

/** A stage after the agent's: another agent, over the same tree or one that differs in a few files. */
export interface LaterStage {
  readonly name: Exclude<StageName, 'agent'>;
  readonly agent: string;
  readonly image: string;
  readonly reach: EgressPolicy;
  /** What its agent is told besides the commits. */
  readonly told: Partial<TaskInput>;
  /** Null when left out. */
  readonly prompt?: string | null;
  /** Files in place of the head's, which is then what the pull request has, also where files steer agents. */
  readonly overlay?: readonly OverlayFile[];
  /** How many stages may come after it, with which it shares the time. */
  readonly followers: number;
}

/** A stage that says nothing of the task's result but ends the task: cancelled, or with a secret in its output. */
export function endsTask({ status, reason }: StageFailure): boolean {
  return status === 'cancelled' || reason.startsWith('incident:');
}

/**
 * Runs a stage in its share of what is left of the task's time. Its agent is given no words of people: no instructions, no values.
 * Without time left it ends as `limit:wall-clock`, and where the task has used up its network, by the name of that ceiling.
 */
export async function runLater<T>(
  { snapshot, changedFiles, spent, ...staged }: Ground,
  { name, agent, image, reach, told, prompt = null, overlay, followers }: LaterStage,
  take: (result: StageResult) => Promise<T | StageFailure>,
): Promise<T | StageFailure> {
  const { run, network } = staged;
  const reached = network.reached();
  if (reached !== undefined) return { status: 'failed', reason: reached };
  const wallClockMs = spent.shareMs(run.rules.limits.wallClockMs, followers);
  if (wallClockMs === undefined) return { status: 'timed-out', reason: 'limit:wall-clock' };
  const rules: EffectiveTask = {
    ...run.rules,
    agent,
    limits: { ...run.rules.limits, wallClockMs },
  };
  const { id, headSha, baseSha } = run.task;
  const task = { id, kind: 'review', headSha, baseSha, instructions: null } as const;
  const seen = overlay === undefined ? snapshot : { headTime: snapshot.headTime };
  const input = agentInput({ task, rules }, seen, changedFiles);
  const extras = overlay === undefined ? { prompt, base: !isAnalyser(agent) } : { overlay };
  const { stream: bundle } = snapshot.bundle({ ...input, ...told }, extras);
  return spent.timed(() =>
    runStage(staged, { name, image, bundle, rules, reach }, (result) => {
      spent.see(result.peaks);
      return take(result);
    }),
  );
}
