import type { PlanStep, TaskPlan } from '../../policy/decide/plan-task.ts';
import type { EffectivePolicy } from '../../policy/effective-policy.ts';
import { findRules } from '../../policy/rules-of.ts';
import { plainLine } from '../sanitise.ts';
import { columns } from './columns.ts';
import { patchInWords } from './gate-words.ts';
import { whoInWords } from './who-words.ts';

/** One thing that a delivery asks for, and what would become of it. */
export interface SimulatedAct {
  /** The event, or the command as it was read. */
  readonly act: string;
  readonly reason: string;
  /** The tasks that it is about. */
  readonly plans: readonly TaskPlan[];
}

/** What Sallyport would do with one delivery. No acts: nothing, for that reason. */
export interface Simulation {
  readonly reason: string;
  readonly acts: readonly SimulatedAct[];
}

const maxLength = 1_000;
const words: Readonly<Record<PlanStep['outcome'], string>> = {
  go: 'go on',
  wait: 'wait',
  stop: 'stop',
};

/** A simulation for a terminal, ended by a line feed. Text of the payload is hostile and made plain. */
export function simulationText(policy: EffectivePolicy, { reason, acts }: Simulation): string {
  const blocks = acts.flatMap((act) => [
    '',
    plainLine(`${act.act}: ${act.reason}`, maxLength),
    ...act.plans.flatMap((plan) => planLines(policy, plan)),
  ]);
  const first = `Simulated, nothing was done. ${reason}`;
  return [plainLine(first, maxLength), ...blocks, ''].join('\n');
}

function planLines(policy: EffectivePolicy, plan: TaskPlan): readonly string[] {
  const steps = plan.steps.map((step) => [
    '',
    step.stage,
    step.stage === 'gate 2' && step.outcome === 'stop' ? 'shut' : words[step.outcome],
    step.rule,
    `${step.reason}${untilOf(step)}`,
  ]);
  const rows = [...steps, ...whoRows(policy, plan)];
  return [`  ${plainLine(plan.task, maxLength)}: ${plan.outcome}`, ...columns(rows)];
}

function untilOf({ untilMs }: PlanStep): string {
  if (untilMs === undefined) return '';
  const until = new Date(untilMs ?? Number.NaN);
  const isTold = !Number.isNaN(until.getTime());
  return isTold ? ` Until ${until.toISOString()}.` : ' Until when cannot be told.';
}

/** Who opens a gate that is shut: the question that comes next. */
function whoRows(policy: EffectivePolicy, { task: name, steps }: TaskPlan): readonly string[][] {
  const task = findRules(policy, name);
  if (task === undefined) return [];
  const isAt = (stage: PlanStep['stage'], outcome: PlanStep['outcome']): boolean =>
    steps.some((step) => step.stage === stage && step.outcome === outcome);
  const runs = isAt('gate 1', 'wait') ? [['', 'may let it run', whoInWords(task.run)]] : [];
  return isAt('gate 2', 'wait') ? [...runs, ['', 'gate 2 asks', patchInWords(task)]] : runs;
}
