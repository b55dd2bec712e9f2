import type { EffectivePolicy, EffectiveTask } from '../effective-policy.ts';
import { findRules } from '../rules-of.ts';
import { admitByBudget, type Used } from './budgets.ts';
import { mayRun, mustWait, type Origin } from './people.ts';
import type { Person } from './person.ts';
import { commandStart, type PullRequestFacts, type Start, triggersOf } from './triggers.ts';

/** One question that a task is asked on its way, in the order of the way. */
export interface PlanStep {
  readonly stage: 'start' | 'who' | 'gate 1' | 'budgets' | 'gate 2';
  readonly outcome: 'go' | 'wait' | 'stop';
  /** The rule that decides, as `tasks.fix.forks`. */
  readonly rule: string;
  readonly reason: string;
  /** For what waits for a time: until when, epoch ms; null when it cannot be told. */
  readonly untilMs?: number | null;
}

/** What becomes of one task, and why. No step follows one that stops the task before it has run. */
export interface TaskPlan {
  readonly task: string;
  readonly outcome: 'runs' | 'waits' | 'stays' | 'refused';
  readonly steps: readonly PlanStep[];
}

/** What has been used today, of all tasks and of those of each name. */
export interface UseFacts {
  readonly used: Used;
  readonly usedByTask: (name: string) => Used;
  readonly nowMs: number;
}

/** A pull request that something happened to. */
export interface PullRequestOccasion extends UseFacts, Origin {
  readonly pullRequest: PullRequestFacts;
}

/** For every task of the policy: what becomes of it when this happens. */
export function planPullRequest(
  policy: EffectivePolicy,
  occasion: PullRequestOccasion,
): readonly TaskPlan[] {
  return triggersOf(policy, occasion.pullRequest).map((start) => {
    const task = policy.tasks[start.task] as EffectiveTask;
    const begin = stepOf(start);
    if (begin.outcome === 'stop') return planned(start.task, [begin]);
    const gate = gateOne(start.task, task, occasion);
    if (gate.outcome === 'stop') return planned(start.task, [begin, gate]);
    return planned(start.task, [begin, gate, ...thenOn(policy, start.task, occasion)]);
  });
}

/** What becomes of a task that a person asks for by its name. */
export function planCommand(
  policy: EffectivePolicy,
  name: string,
  facts: UseFacts & { readonly sender: Person },
): TaskPlan {
  const begin = stepOf(commandStart(policy, name));
  const task = findRules(policy, name);
  if (task === undefined || begin.outcome === 'stop') return planned(name, [begin]);
  const { allowed, reason } = mayRun(task, facts.sender);
  const rule = `tasks.${name}.run`;
  const who: PlanStep = { stage: 'who', outcome: allowed ? 'go' : 'stop', rule, reason };
  return planned(name, allowed ? [begin, who, ...thenOn(policy, name, facts)] : [begin, who]);
}

const startOutcomes = { starts: 'go', waits: 'wait', stays: 'stop' } as const;

function stepOf({ outcome, rule, reason, untilMs }: Start): PlanStep {
  const step = { stage: 'start', outcome: startOutcomes[outcome], rule, reason } as const;
  return untilMs === undefined ? step : { ...step, untilMs };
}

const entryOutcomes = { run: 'go', wait: 'wait', refuse: 'stop' } as const;

function gateOne(name: string, task: EffectiveTask, origin: PullRequestOccasion) {
  const { outcome, reason } = mustWait(task, origin);
  const isByFork = origin.isFork || task.forks === 'run';
  const rule = `tasks.${name}.${isByFork ? 'forks' : 'run'}`;
  return { stage: 'gate 1', outcome: entryOutcomes[outcome], rule, reason } as const;
}

/** What follows once the task may run: what it may use, and what becomes of its patch. */
function thenOn(policy: EffectivePolicy, name: string, use: UseFacts): readonly PlanStep[] {
  const { outputs, approvals } = policy.tasks[name] as EffectiveTask;
  const gate: PlanStep =
    outputs.patch === 'none'
      ? {
          stage: 'gate 2',
          outcome: 'stop',
          rule: `tasks.${name}.outputs.patch`,
          reason: 'The policy lets no patch of this task through.',
        }
      : {
          stage: 'gate 2',
          outcome: 'wait',
          rule: `tasks.${name}.approvals`,
          reason: `A patch waits for ${approvals.count} who may approve it.`,
        };
  return [budgetStep(policy, name, use), gate];
}

function budgetStep(policy: EffectivePolicy, name: string, use: UseFacts): PlanStep {
  const { used, nowMs } = use;
  const admission = admitByBudget(policy, name, { used, usedByTask: use.usedByTask(name), nowMs });
  if (admission.outcome === 'go') {
    return { stage: 'budgets', outcome: 'go', rule: 'budgets', reason: 'Its budgets have room.' };
  }
  const { budget, reason, untilMs } = admission;
  return { stage: 'budgets', outcome: 'wait', rule: budget, reason, untilMs };
}

function planned(task: string, steps: readonly PlanStep[]): TaskPlan {
  const before = steps.filter(({ stage }) => stage !== 'gate 2');
  const stop = before.find(({ outcome }) => outcome === 'stop');
  if (stop !== undefined)
    return { task, outcome: stop.stage === 'start' ? 'stays' : 'refused', steps };
  const waits = before.some(({ outcome }) => outcome === 'wait');
  return { task, outcome: waits ? 'waits' : 'runs', steps };
}
