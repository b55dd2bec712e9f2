import type { AgentRun } from './agent-run.ts';

/** The agent's part of a task's time, where that of each stage after it is one. With all four of them it has three sevenths. */
const agentParts = 3;

/** Sandboxes that `prove-tests` starts, each after the other. */
const proofStages = 2;

type Planned = Pick<AgentRun, 'judge' | 'purpose' | 'rules'> & {
  readonly task: Pick<AgentRun['task'], 'kind'>;
};

/** Most sandboxes that prove the tests of a task once its patch was tried. */
export function proofsOf({ purpose }: Pick<Planned, 'purpose'>): number {
  return purpose === 'tests' ? proofStages : 0;
}

/** Most sandboxes that try the patch of a task. */
export function trialsOf(run: Planned): number {
  const isTried = run.task.kind === 'fix' && run.rules.verify.commands.length > 0;
  return isTried ? 1 + proofsOf(run) : 0;
}

/**
 * How long the agent's own stage may take, ms. An agent that takes all the time there is, by chance or led by the code that
 * it reads, must not keep its findings from being judged and its patch from being tried.
 */
export function agentShareMs(run: Planned): number {
  const later = trialsOf(run) + (run.judge === undefined ? 0 : 1);
  return Math.floor((run.rules.limits.wallClockMs * agentParts) / (agentParts + later));
}

/** An equal part of what is left, for a stage that `followers` more may come after, ms. */
export function stageShareMs(leftMs: number, followers: number): number {
  return Math.floor(leftMs / (1 + followers));
}
