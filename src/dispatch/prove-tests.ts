import { type CheckCommandResult, isPassed } from '../domain/check-command.ts';
import type { Proof, Verification } from '../domain/verification.ts';
import { TestPaths } from '../policy/decide/test-paths.ts';
import { Effort } from '../policy/effort.ts';
import type { OverlayFile } from '../ports/source.ts';
import type { Ground } from './later-stage.ts';
import { isFailure, runCommands } from './run-commands.ts';
import type { StageFailure } from './run-stage.ts';
import { takeBack } from './take-back.ts';
import type { FileChange } from './validate-result.ts';
import { overlayOf } from './verify-patch.ts';

/** Steps that one path is worth. About 10 ms. */
const stepsAPath = 500_000;

/**
 * Do the tests of a patch test the pull request's change? They have to pass with it, and where that can be told to
 * fail without it: over the head with every other file as it was at the merge base. What fails there without the
 * new tests as well says nothing of them. Undefined for a task that writes no tests.
 */
export async function proveTests(
  ground: Ground,
  files: readonly FileChange[],
  verification: Verification | undefined,
): Promise<Proof | StageFailure | undefined> {
  const { run, snapshot } = ground;
  if (run.purpose !== 'tests' || run.task.kind !== 'fix') return undefined;
  if (files.length === 0) return undefined;
  const isTest = testFilter(run.rules);
  const refusal = whyNotOffered(files, { isTest, verification });
  if (refusal !== undefined) return { status: 'not-proven', reason: refusal };
  const tested = run.wholeTree === true ? [] : ground.changedFiles;
  const changes = tested.filter(({ path }) => !isTest(path));
  if (changes.length === 0) return untold('nothing was changed but tests');
  const without = await takeBack(snapshot, changes);
  if (without === undefined) return untold('the change cannot be taken back');
  return compare(ground, without, overlayOf(files));
}

function testFilter(rules: ConstructorParameters<typeof TestPaths>[0]): (path: string) => boolean {
  const tests = new TestPaths(rules);
  return (path) => tests.takes(path, new Effort(stepsAPath));
}

function whyNotOffered(
  files: readonly FileChange[],
  {
    isTest,
    verification,
  }: {
    readonly isTest: (path: string) => boolean;
    readonly verification: Verification | undefined;
  },
): string | undefined {
  if (files.some(({ path }) => !isTest(path))) return 'the patch changes files that are no tests';
  if (verification === undefined) return 'the policy names no commands to run them with';
  if (verification.status === 'failed') return 'they do not pass with the change';
  if (verification.status === 'passed') return undefined;
  return `they could not be run (${verification.reason ?? 'no result'})`;
}

async function compare(
  ground: Ground,
  without: readonly OverlayFile[],
  tests: readonly OverlayFile[],
): Promise<Proof | StageFailure> {
  const { commands } = ground.run.rules.verify;
  const order = { name: 'proof', commands } as const;
  const alone = await runCommands(ground, {
    ...order,
    overlay: [...without, ...tests],
    followers: 1,
  });
  if (isFailure(alone)) return alone;
  if (alone.status === 'passed') {
    return { status: 'not-proven', reason: 'they pass without the change that they test' };
  }
  if (alone.status === 'not-run') return untold(alone.reason);
  const neither = await runCommands(ground, { ...order, overlay: without, followers: 0 });
  if (isFailure(neither)) return neither;
  if (neither.status === 'not-run') return untold(neither.reason);
  if (failNewly(alone.commands, neither.commands)) return { status: 'proven', reason: null };
  if (alone.commands.some(isBroken))
    return untold('without the change a command did not end by itself');
  return untold('without the change the commands fail with and without the tests');
}

function untold(reason: string | null): Proof {
  return { status: 'cannot-tell', reason };
}

/**
 * Does a command fail by its own word with the tests that passes without them? They have the places of the policy's
 * list: of names there may be two.
 */
function failNewly(
  withTests: readonly CheckCommandResult[],
  withoutTests: readonly CheckCommandResult[],
): boolean {
  const passes = withoutTests.map(isPassed);
  return withTests.some((one, at) => !isPassed(one) && !isBroken(one) && passes[at] === true);
}

/** Ended by a signal (as of a ceiling of memory or processes) or never begun: that says nothing of what it runs. */
function isBroken({ exitCode }: CheckCommandResult): boolean {
  return exitCode === null;
}
