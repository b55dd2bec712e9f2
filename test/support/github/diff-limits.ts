import type { FileDiff } from './diff.ts';

/** docs.github.com, "About repositories", limits for viewing content and diffs: what one diff shows in all. */
const MAX_LINES = 20_000;
const MAX_BYTES = 1_000_000;
const MAX_FILES = 300;

/** Takes the diff from the files after which the limits of the whole are passed. Order as git has it. */
export function withinLimits(files: readonly FileDiff[]): FileDiff[] {
  let lines = 0;
  let bytes = 0;
  return files.map((file, index) => {
    const patch = file.patch ?? '';
    lines += patch === '' ? 0 : patch.split('\n').length;
    bytes += Buffer.byteLength(patch);
    const isShown = lines <= MAX_LINES && bytes <= MAX_BYTES && index < MAX_FILES;
    return isShown ? file : { ...file, patch: undefined, hunks: [], isTooLarge: true };
  });
}
