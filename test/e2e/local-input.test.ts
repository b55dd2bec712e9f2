import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  folderDigest,
  type LocalReview,
  localReview,
  ReviewJson,
} from '../support/local-review.ts';
import { everything, type InputCase, inputCases, inputRepository } from '../support/real-input.ts';
import { temporaryFolder } from '../support/repositories.ts';
import { isMissing } from '../support/sandbox/runtimes.ts';

/** Seconds on a machine that does nothing else; the two cores of a small one are shared. */
const slowMs = 120_000;

describe('local mode on input of every kind', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let review: LocalReview;
  let repository: Awaited<ReturnType<typeof inputRepository>>;

  beforeAll(async () => {
    folder = await temporaryFolder();
    review = await localReview();
    repository = await inputRepository(folder.path);
  });

  afterAll(async () => {
    await review[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  async function expectResult(input: InputCase, options: readonly string[] = []): Promise<void> {
    const { base, head } = await repository.commit(input);
    const before = await folderDigest(repository.path);
    const run = await review.run([repository.path, '--base', base, '--head', head, ...options]);
    expect(run.stderr).toBe('');
    const { findings, changes, omitted, toolErrors } = ReviewJson.parse(JSON.parse(run.stdout));
    const errors = findings.filter((one) => one.severity === 'error');
    const notes = findings.filter((one) => one.rule.startsWith('skipped/'));
    expect({
      exitCode: run.exitCode,
      errors: errors.map((one) => `${one.path}:${one.range?.startLine}`).sort(),
      mended: changes.map((one) => one.path).sort(),
      omitted: omitted.map((one) => `${one.path} (${one.reason})`).sort(),
      notes: notes.map((one) => `${one.path} ${one.rule}`).sort(),
      toolErrors,
    }).toEqual({
      exitCode: input.errors.length > 0 ? 1 : 0,
      errors: input.errors.toSorted(),
      mended: input.mendable.toSorted(),
      omitted: input.omitted.toSorted(),
      notes: input.notes.toSorted(),
      toolErrors: [],
    });
    expect(await folderDigest(repository.path)).toBe(before);
  }

  it.each(inputCases.map((input) => [input.name, input] as const))(
    '%s',
    async (_name, input) => expectResult(input),
    slowMs,
  );

  it.skipIf(isMissing('runsc'))(
    'everything at once, under gVisor',
    async () => expectResult(everything, ['--runtime', 'runsc']),
    slowMs,
  );
});
