import { ModelMeters } from '../broker/model-meters.ts';
import { isAnalyser } from '../domain/analysers.ts';
import type { Task } from '../domain/task.ts';
import { egressOf } from '../policy/decide/egress-of.ts';
import { purposeOf, rulesOf } from '../policy/rules-of.ts';
import type { AgentRun } from './agent-run.ts';
import { askOf } from './ask-of.ts';
import { keptAsked } from './asked-work.ts';
import { imageFor } from './image-for.ts';
import { judgeOf } from './judge-of.ts';
import { keptSubject } from './kept-subject.ts';
import { findingsOfOthers, knownFindings } from './known-findings.ts';
import { LiveBudget } from './live-budget.ts';
import { moveTask } from './move-task.ts';
import { keptInstructions } from './policy-instructions.ts';
import type { ProgressKeeper } from './progress-keeper.ts';
import { raiseIncident } from './raise-incident.ts';
import { recordEgress } from './record-egress.ts';
import { recordAssigned, recordEvent, recordPeaks } from './record-event.ts';
import { recordOpinions } from './record-opinions.ts';
import { type AgentVerdict, runAgent } from './run-agent.ts';
import type { RunMeter } from './run-meter.ts';
import type { RunnerContext } from './runner.ts';
import type { TaskLog } from './task-log.ts';
import { toldFindings } from './told-findings.ts';

/** What goes along with a run. */
export interface Running {
  readonly log: TaskLog;
  readonly meter: RunMeter;
  readonly progress: ProgressKeeper;
  readonly signal: AbortSignal;
}

/** Runs a task's agent by the policy that the task was planned with; every row goes to the ledger as it comes. */
export async function runAttempt(
  parts: RunnerContext,
  task: Task,
  running: Running,
): Promise<AgentVerdict> {
  const { context } = parts;
  const policy = await context.policies.byDigest(task.policyDigest);
  const rules = rulesOf(policy, task.name);
  const reach = egressOf(policy, rules);
  const budget = new LiveBudget(context, task, policy);
  if (reach.modelRoutes.length > 0) await budget.open();
  try {
    const models = new ModelMeters(budget);
    const others = task.kind === 'fix' ? Object.keys(policy.tasks) : [];
    return await runWith(parts, { ...running, task, rules, reach, models, others });
  } finally {
    // What is counted at the end of the run replaces what was told meanwhile, and not the other way round.
    await budget.close();
  }
}

async function runWith(
  { context, runner }: RunnerContext,
  {
    task,
    rules,
    reach,
    models,
    others,
    log,
    meter,
    progress,
    signal,
  }: Running &
    Pick<AgentRun, 'rules' | 'reach' | 'models'> & {
      readonly task: Task;
      /** Tasks whose findings it is told of as well. */
      readonly others: readonly string[];
    },
): Promise<AgentVerdict> {
  const { artifacts } = context.store;
  const subject = await keptSubject(context, task);
  const known = isAnalyser(rules.agent) ? undefined : await knownFindings(context, task);
  const { findings, evidence } = await keptAsked(context, task.id);
  const more = known === undefined ? [] : await findingsOfOthers(context, task, others);
  const priorFindings = toldFindings(findings, [...(known ?? []), ...more]);
  const about = { subject, evidence, priorFindings };
  const ask = askOf({ ...about, name: task.name, rules, reach }, runner.promptTexts);
  return runAgent(
    { ...runner, artifacts, clock: context.clock },
    {
      task,
      purpose: purposeOf(task.name, rules),
      policyInstructions: await keptInstructions(context, task.id, rules),
      location: context.github.sourceOf(task.repository),
      rules,
      reach,
      ask,
      ...(known === undefined ? {} : { known }),
      models,
      image: await imageFor(runner, rules),
      judge: await judgeOf(rules, reach, runner),
      wholeTree: task.subjectKind === 'issue',
      ownerId: runner.id,
      signal,
      onEvent: (event, stage) => {
        progress.see(event);
        return recordEvent(context, { ...task, stage, log }, event);
      },
      onAssigned: (assigned, stage) => recordAssigned(context, { ...task, stage }, assigned),
      onPeaks: (peaks, stage) => recordPeaks(context, { ...task, stage }, peaks),
      onEgress: (record, stage) => {
        meter.see(record);
        return recordEgress(context.ledger, { ...task, stage }, record);
      },
      onIncident: (incident, stage) => raiseIncident(context, { ...task, stage }, incident),
      onOpinions: (opinions, promptDigest) =>
        recordOpinions(context.ledger, { ...task, promptDigest }, opinions),
      onPrepared: async (inputDigest, promptDigest) => {
        const [patch, told] = [{ inputDigest }, promptDigest === null ? {} : { promptDigest }];
        await moveTask(context, task, { from: 'preparing', to: 'running', patch, told });
      },
    },
  );
}
