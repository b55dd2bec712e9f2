/** How many tests of a run ended how. `skipped` counts todo tests and tests that never started. */
export type TestCounts = {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
};

type CountedTest = { result(): { readonly state: string } };

/** As much of Vitest's test module as counting needs. */
export type CountedModule = {
  readonly children: { allTests(): Iterable<CountedTest> };
  state(): string;
};

/**
 * Counts a finished run. A module that failed without a failed test (an import that throws, a hook)
 * and an error outside any test count as failed: neither may look like a green run.
 */
export function countTests(modules: readonly CountedModule[], errorCount = 0): TestCounts {
  const total = { passed: 0, failed: errorCount, skipped: 0 };
  for (const module of modules) {
    const states = Array.from(module.children.allTests(), (test) => test.result().state);
    for (const state of states) total[isKnown(state) ? state : 'skipped'] += 1;
    if (module.state() === 'failed' && !states.includes('failed')) total.failed += 1;
  }
  return total;
}

function isKnown(state: string): state is 'passed' | 'failed' {
  return state === 'passed' || state === 'failed';
}

/** The line that ends a run; `.ci/run` insists on its exact form. */
export function closingLine({ passed, failed, skipped }: TestCounts): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

/** Why a run does not count as green, or undefined when it does. */
export function verdict({ passed, failed, skipped }: TestCounts): string | undefined {
  if (failed > 0) return `${failed} failed`;
  if (skipped > 0) return `${skipped} skipped or todo; here every test has to run`;
  if (passed === 0) return 'no test ran';
  return undefined;
}
