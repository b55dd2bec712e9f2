import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SandboxCase } from '../../../../src/doctor/attack-case.ts';
import type { Bench } from '../../../../src/doctor/bench.ts';
import { type AttackCase, allCases } from '../../../../src/doctor/cases/all-cases.ts';
import { type CaseScore, runTogether } from '../../../../src/doctor/run-case.ts';
import { groupsOf, runSuite } from '../../../../src/doctor/run-suite.ts';
import { testBench } from '../test-bench.ts';
import { type ImageWeakness, weakenedImage } from '../weakened-image.ts';
import { type Weaken, weakenedSandbox } from '../weakened-sandbox.ts';

/** A defence taken away, and the cases that must notice. */
export interface Mutation {
  readonly name: string;
  readonly cases: readonly string[];
  readonly options?: Weaken;
  readonly image?: ImageWeakness;
  readonly setup?: SandboxCase['setup'];
  /** What the cases are then granted would be in the way of those behind them. */
  readonly isEachAlone?: true;
  readonly bench?: (bench: Bench) => Partial<Bench>;
}

/** Broken for no merit of the case: the attempt was not made, or the defence's own record is all that lacks. */
const idle =
  /was not made|could not run|did not come up|left nothing|did not look|refusals are on record/;

/** Ids of the mutation's cases, in order; one that did not say *broken* stands there with what it said. */
export async function brokenIn(bench: Bench, mutation: Mutation): Promise<readonly string[]> {
  const { name, cases, options, image } = mutation;
  const weak: Bench = {
    ...bench,
    ...(options === undefined ? {} : { sandbox: await weakenedSandbox(options) }),
    ...(image === undefined ? {} : { image: await weakenedImage(name, image) }),
    ...mutation.bench?.(bench),
  };
  const chosen = allCases(weak.show)
    .filter(({ id }) => cases.includes(id))
    .map((one) => weakerSetup(one, mutation));
  const scores: CaseScore[] = [];
  for (const group of groupsOf(chosen)) scores.push(...(await scoresOf(weak, group)));
  return scores
    .map(({ id, held, evidence }) =>
      held || idle.test(evidence) ? `${id} is not broken: ${evidence}` : id,
    )
    .sort();
}

/** Those that share a sandbox do so once: the suite would show each that broke again by itself. */
async function scoresOf(weak: Bench, group: readonly AttackCase[]): Promise<readonly CaseScore[]> {
  const together = group.filter((one) => one.kind === 'sandbox');
  if (together.length > 1) return runTogether(weak, 'runc', together);
  const { cases } = await runSuite(weak, 'runc', { cases: group, tell: () => undefined });
  return cases;
}

function weakerSetup(one: AttackCase, { setup, isEachAlone }: Mutation): AttackCase {
  if (one.kind !== 'sandbox') return one;
  const isQuiet = one.isQuiet && isEachAlone !== true;
  const limits = { ...one.setup.limits, ...setup?.limits };
  return { ...one, isQuiet, setup: { ...one.setup, ...setup, limits } };
}

/** One test for each mutation of a table. */
export function testMutations(mutations: readonly Mutation[]): void {
  describe('says that the containment is broken', () => {
    let bench: Bench;
    let close: () => Promise<void>;
    beforeEach(async () => {
      ({ bench, close } = await testBench());
    });
    afterEach(async () => {
      await close();
    });

    test.each(mutations)('without $name', { timeout: 600_000 }, async (mutation) => {
      expect(await brokenIn(bench, mutation)).toEqual([...mutation.cases].sort());
    });
  });
}
