import { type CheckCommand, type CheckCommandResult, isPassed } from '../domain/check-command.ts';
import type { Proof, Verification } from '../domain/verification.ts';
import type { OverlayFile } from '../ports/source.ts';
import type { ResultManifest } from '../protocol/result.ts';
import { findSecret } from '../report/secret-scan.ts';
import { endsTask, type Ground, runLater } from './later-stage.ts';
import type { StageFailure, StageResult } from './run-stage.ts';

/** Commands, and the tree that they are run over: the head with some of its files as they would be. */
export interface CommandsOrder {
  readonly name: 'verify' | 'proof';
  readonly commands: readonly CheckCommand[];
  readonly overlay: readonly OverlayFile[];
  /** How many stages may come after this one. */
  readonly followers: number;
}

/** Agent that runs commands; every image has it. */
const commandAgent = 'command';

/**
 * Runs commands in a fresh sandbox, without a model. What can be told is a verdict; what ends the task is a failure.
 * The word of a sandbox in which the patched code itself runs: it shows what works, and proves nothing against
 * code that is out to deceive.
 */
export async function runCommands(
  ground: Ground,
  { name, commands, overlay, followers }: CommandsOrder,
): Promise<Verification | StageFailure> {
  const { run } = ground;
  const ended = await runLater(
    ground,
    {
      name,
      agent: commandAgent,
      image: run.image,
      reach: { ...run.reach, modelRoutes: [] },
      told: { purpose: 'verify', commands: [...commands] },
      overlay,
      followers,
    },
    async (result) => verdictOf(commands, result),
  );
  if (!isFailure(ended)) return ended;
  return endsTask(ended) ? ended : notRun(ended.reason);
}

const failures: ReadonlySet<string> = new Set<StageFailure['status']>([
  'failed',
  'timed-out',
  'cancelled',
]);

/** Is this how a stage ended, and no verdict? */
export function isFailure(ended: Verification | Proof | StageFailure): ended is StageFailure {
  return !('commands' in ended) && failures.has(ended.status);
}

/** Nothing can be told of the patch, for this reason. */
export function notRun(reason: string, commands: readonly CheckCommandResult[] = []): Verification {
  return { status: 'not-run', reason, commands: [...commands] };
}

function verdictOf(
  commands: readonly CheckCommand[],
  { result: { manifest }, guard, secrets }: StageResult,
): Verification {
  guard.checkWords(manifest.report, secrets);
  const results = (manifest.report?.commands ?? []).map(withoutSecrets);
  if (manifest.agent.timedOut) return notRun('limit:wall-clock', results);
  if (manifest.report === null) return notRun('result:no-report');
  if (results.some(({ name }, index) => name !== commands[index]?.name))
    return notRun('result:other-commands');
  if (results.some((one) => !isPassed(one)))
    return { status: 'failed', reason: null, commands: results };
  const isWhole = results.length === commands.length && hasEndedWell(manifest);
  return isWhole
    ? { status: 'passed', reason: null, commands: results }
    : notRun('result:not-all-commands', results);
}

function hasEndedWell({ agent }: ResultManifest): boolean {
  return agent.exitCode === 0 && agent.signal === null;
}

/** What looks like a secret may be a made-up one of a test: it is not shown, and is no reason to fail. */
function withoutSecrets(result: CheckCommandResult): CheckCommandResult {
  const rule = findSecret(result.output, { canary: null, own: [] });
  return rule === undefined ? result : { ...result, output: `(withheld: it has a ${rule})` };
}
