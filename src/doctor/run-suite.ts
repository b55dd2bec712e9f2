import { SallyportError } from '../errors.ts';
import type { RuntimeClass } from '../ports/sandbox.ts';
import { broken, type SandboxCase, type Verdict } from './attack-case.ts';
import { attackAgentMs, attackLimits } from './attack-limits.ts';
import type { Bench } from './bench.ts';
import type { AttackCase } from './cases/all-cases.ts';
import type { ControlPlaneCase } from './control-plane-case.ts';
import { type CaseScore, type CaseTrial, runCase, runTogether } from './run-case.ts';

/** The scoreboard of one runtime class. */
export interface Scoreboard {
  readonly runtime: RuntimeClass;
  /** Digest of the image that the sandboxes ran. */
  readonly image: string;
  readonly cases: readonly CaseScore[];
  readonly held: number;
  readonly broken: number;
}

/** Runs every case under one runtime class and tells each score as it comes. One after the other. */
export async function runSuite(
  bench: Bench,
  runtime: RuntimeClass,
  {
    cases,
    tell,
  }: { readonly cases: readonly AttackCase[]; readonly tell: (score: CaseScore) => void },
): Promise<Scoreboard> {
  const scores: CaseScore[] = [];
  for (const group of groupsOf(cases)) {
    const found = await scoresOf(bench, runtime, group);
    for (const score of found) tell(score);
    scores.push(...found);
  }
  const broke = scores.filter((score) => !score.held).length;
  const image = (await bench.engine.image(bench.image))?.id ?? bench.image;
  return { runtime, image, cases: scores, held: scores.length - broke, broken: broke };
}

/** Neighbours that only ask share a sandbox; everybody else has one of their own. */
export function groupsOf(cases: readonly AttackCase[]): readonly (readonly AttackCase[])[] {
  const groups: AttackCase[][] = [];
  for (const one of cases) {
    const last = groups.at(-1);
    if (last?.every((other) => mayShare(one, other)) === true) last.push(one);
    else groups.push([one]);
  }
  return groups;
}

function mayShare(one: AttackCase, other: AttackCase): boolean {
  if (one.kind !== 'sandbox' || other.kind !== 'sandbox') return false;
  // One sandbox has one broker.
  return one.isQuiet && other.isQuiet && one.setup.egress === other.setup.egress;
}

async function scoresOf(
  bench: Bench,
  runtime: RuntimeClass,
  group: readonly AttackCase[],
): Promise<readonly CaseScore[]> {
  const [first] = group;
  if (first?.kind === 'control-plane') return [await runOnControlPlane(bench, runtime, first)];
  const cases = group.filter((one): one is SandboxCase => one.kind === 'sandbox');
  const together = await runTogether(bench, runtime, cases);
  const scores: CaseScore[] = [];
  for (const [index, trial] of together.entries()) {
    const one = cases[index];
    // One that killed the sandbox takes those behind it along: each that broke shows it again by itself.
    const isAgain = !trial.held && (cases.length > 1 || trial.isMade === false);
    const last = isAgain && one ? await runCase(bench, runtime, withTime(one, trial)) : trial;
    const { isMade: _isMade, ...score } = last;
    scores.push(score);
  }
  return scores;
}

/** So much longer may an attempt take that was not made: on a machine under load it may not have begun. */
const patience = 5;

function withTime(one: SandboxCase, { isMade }: CaseTrial): SandboxCase {
  if (isMade !== false) return one;
  const { agentMs = attackAgentMs, limits = {} } = one.setup;
  const wallClockMs = patience * (limits.wallClockMs ?? attackLimits.wallClockMs);
  const setup = { ...one.setup, agentMs: patience * agentMs, limits: { ...limits, wallClockMs } };
  return { ...one, setup };
}

async function runOnControlPlane(
  bench: Bench,
  runtime: RuntimeClass,
  one: ControlPlaneCase,
): Promise<CaseScore> {
  const startedAtMs = bench.clock.nowMs();
  const verdict = await verdictOf(bench, runtime, one);
  const ms = Math.round(bench.clock.nowMs() - startedAtMs);
  return { id: one.id, title: one.title, ...verdict, ms };
}

async function verdictOf(
  bench: Bench,
  runtime: RuntimeClass,
  one: ControlPlaneCase,
): Promise<Verdict> {
  try {
    return await one.run(bench, runtime);
  } catch (error) {
    if (!(error instanceof SallyportError)) throw error;
    return broken(`could not run: ${error.code}`);
  }
}
