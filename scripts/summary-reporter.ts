import { writeSync } from 'node:fs';
import type { Reporter, SerializedError, TestModule } from 'vitest/node';
import { closingLine, countTests, type TestCounts, verdict } from './test-verdict.ts';

/**
 * Ends a run with `N passed, N failed, N skipped` alone on the last line of stdout, after the
 * coverage summary too. With `CI=true` it also fails a run that skipped or left out anything: a test
 * that cannot run is not a test that passed.
 */
export class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    const counts = countTests(modules, errors.length);
    const refusal = verdict(counts);
    process.once('exit', () => this.#close(counts, refusal));
  }

  #close(counts: TestCounts, refusal: string | undefined): void {
    if (refusal !== undefined && process.env['CI'] === 'true') {
      writeSync(2, `tests: ${refusal}\n`);
      // Vitest sets 0 for a run with skipped tests; only an exit handler speaks after it.
      if (process.exitCode === undefined || process.exitCode === 0) process.exitCode = 1;
    }
    writeSync(1, `${closingLine(counts)}\n`);
  }
}
