import type { Verification } from '../domain/verification.ts';
import type { OverlayFile } from '../ports/source.ts';
import type { Ground } from './later-stage.ts';
import { notRun, runCommands } from './run-commands.ts';
import type { StageFailure } from './run-stage.ts';
import { proofsOf } from './share-time.ts';
import type { CheckedResult, FileChange } from './validate-result.ts';

/**
 * Runs the policy's commands over the head with the patch in it. Undefined where there is no patch to be tried, or
 * nothing to try it with.
 */
export async function verifyPatch(
  ground: Ground,
  { files, refused }: Pick<CheckedResult, 'files' | 'refused'>,
): Promise<Verification | StageFailure | undefined> {
  const { task, rules } = ground.run;
  const { commands } = rules.verify;
  if (task.kind !== 'fix' || files.length === 0 || commands.length === 0) return undefined;
  // Gate 2 refuses such a patch as a whole, whatever the commands say.
  if (refused.length > 0) return notRun('gate:refused');
  const followers = proofsOf(ground.run);
  return runCommands(ground, { name: 'verify', commands, overlay: overlayOf(files), followers });
}

/** Changed files as a bundle has them. */
export function overlayOf(files: readonly FileChange[]): OverlayFile[] {
  return files.map(({ path, after: bytes }) => ({ path, bytes }));
}
