import { defineConfig } from 'vitest/config';
import { SummaryReporter } from './scripts/summary-reporter.ts';

/**
 * Folders whose code decides what may run and what may be written: every branch of it is tested, by the
 * unit tests alone. A run with `--coverage` fails below that, and `npm test` is one; a run of a few files
 * without it does not measure.
 */
const FULLY_COVERED = ['policy', 'approval', 'protocol', 'domain', 'report'];
const FULL = { statements: 100, branches: 100, functions: 100, lines: 100 };
const thresholds = Object.fromEntries(FULLY_COVERED.map((name) => [`src/${name}/**`, FULL]));

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
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          // Unit tests need neither an engine nor the network: no global set-up.
          // Time is no ceiling that a test reaches by accident: some build and diff megabytes.
          testTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'system',
          include: ['test/{contract,integration,security,e2e}/**/*.test.ts'],
          globalSetup: ['test/support/global-setup.ts'],
          // Containers, Redis and git at once: more than two at a time starve each other on the two
          // cores of a small machine, and timeouts then say nothing about the code.
          maxWorkers: 2,
          // Above two waits of `test/support/wait-for.ts`: a test that is cut off leaves its App running.
          testTimeout: 300_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
