import { defineConfig } from 'vitest/config';
import { SummaryReporter } from './scripts/summary-reporter.ts';

/**
 * Folders whose code decides what may run and what may be written: every branch of it is tested, by the
 * unit tests alone. A run with `--coverage` fails below that, and `npm test` is one; a run of a few files
 * without it does not measure.
 */
const FULLY_COVERED = ['policy', 'approval', 'protocol', 'domain', 'prompt', 'report'];
const FULL = { statements: 100, branches: 100, functions: 100, lines: 100 };
const thresholds = Object.fromEntries(FULLY_COVERED.map((name) => [`src/${name}/**`, FULL]));

/** What tests with an engine have in common. */
const WITH_ENGINE = {
  globalSetup: ['test/support/global-setup.ts'],
  // Containers, Redis and git at once: more than two at a time starve each other on the two
  // cores of a small machine, and timeouts then say nothing about the code.
  maxWorkers: 2,
  // Above two waits of `test/support/wait-for.ts`: a test that is cut off leaves its App running.
  testTimeout: 300_000,
  hookTimeout: 120_000,
};

/** End-to-end tests that would say nothing more against a GitHub Enterprise Server: they run once, in `system`. */
const NOT_FOR_GHES = [
  // Reviews on the machine itself: there is no GitHub.
  'local-input',
  'local-mode',
  'review-command',
  // What it plays is what `loop` holds; the rest is its screen and its options.
  'demo',
  'demo-agent',
  // The pages that the stand-in shows to people, without the App.
  'page',
  // The host after its engine, a runner or an image failed; GitHub sees the same as in `faults`.
  'engine-killed',
  'runner-killed',
  'unproven',
  'agent-image',
  // What is of GitHub in it, `agent-issue`, `commands` and `loop` hold.
  'agent-patches',
  // What agents do with a model, and how it comes out; what GitHub is asked is that of `loop` and `commands`.
  'agent-review',
  'agent-fix',
  'agent-limits',
  // GitHub describes no merge queue for GHES.
  'merge-queue',
  // Starts one of each version by itself.
  'enterprise',
].map((name) => `test/e2e/${name}.test.ts`);

export default defineConfig({
  test: {
    reporters: ['default', new SummaryReporter()],
    passWithNoTests: false,
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts', 'workers/**/*.ts'],
      reporter: ['text-summary', 'json-summary', 'lcovonly'],
      reportsDirectory: 'coverage',
      thresholds,
    },
    // One after the other: Vitest refuses projects in one group whose ceilings of workers differ, as they do on
    // more than three cores, and two that use the engine would be too many at once.
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          sequence: { groupOrder: 1 },
          // Unit tests need neither an engine nor the network: no global set-up.
          // Time is no ceiling that a test reaches by accident: some build and diff megabytes.
          testTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'system',
          include: ['test/{contract,integration,security,e2e}/**/*.test.ts'],
          sequence: { groupOrder: 2 },
          ...WITH_ENGINE,
        },
      },
      {
        test: {
          // The end-to-end tests and those of the adapter once more, against a GitHub Enterprise Server.
          // See test/support/test-github.ts.
          name: 'ghes',
          include: [
            'test/e2e/**/*.test.ts',
            'test/integration/{octokit-*,policy-check,webhook-delivery}.test.ts',
          ],
          exclude: NOT_FOR_GHES,
          env: { SALLYPORT_TEST_GITHUB: 'ghes' },
          sequence: { groupOrder: 3 },
          ...WITH_ENGINE,
        },
      },
    ],
  },
});
