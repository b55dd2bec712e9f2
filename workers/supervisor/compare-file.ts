import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import { closeSync, constants, fstatSync, openSync, readlinkSync, readSync } from 'node:fs';
import type { WorkspaceChange } from '../../src/protocol/result.ts';
import type { GivenFile } from './given-files.ts';

/** What one file may be. */
export type CompareLimits = { readonly fileBytes: number };

const specialBits = 0o7000;
const block = Buffer.allocUnsafeSlow(256 * 1024);

/** What a symlink is worth telling: undefined when it is as it was given, refused otherwise. */
export function compareSymlink(
  path: string,
  place: string,
  known: GivenFile | undefined,
): WorkspaceChange | undefined {
  const isSame = known?.kind === 'symlink' && readlinkSync(place) === known.target;
  return isSame ? undefined : { kind: 'refused', path, reason: 'symlink' };
}

/**
 * What a regular file is worth telling: undefined when its bytes and its owner's execute bit are as
 * they were given. Git knows no other bit, so a file that a tool wrote anew with mode 0600 is not a
 * change; setuid, setgid and sticky are refused.
 */
export function compareFile(
  path: string,
  place: string,
  { known, limits }: { known: GivenFile | undefined; limits: CompareLimits },
): WorkspaceChange | undefined {
  if (known?.kind === 'symlink') return { kind: 'refused', path, reason: 'symlink' };
  const file = tryOpen(place);
  if (file === undefined) return { kind: 'refused', path, reason: 'unreadable' };
  try {
    const stat = fstatSync(file);
    const reason = refusalOf(stat, limits);
    if (reason !== undefined) return { kind: 'refused', path, reason };
    const executable = (stat.mode & 0o100) !== 0;
    if (known !== undefined && hasGivenContent(file, { stat, executable, known })) return undefined;
    // The caller has asked the schema about the path; the brand says no more than that.
    return { kind: 'write', path, executable, bytes: stat.size } as WorkspaceChange;
  } finally {
    closeSync(file);
  }
}

function refusalOf(
  stat: Stats,
  limits: CompareLimits,
): 'special-file' | 'mode' | 'too-large' | undefined {
  if (!stat.isFile()) return 'special-file';
  if ((stat.mode & specialBits) !== 0) return 'mode';
  return stat.size > limits.fileBytes ? 'too-large' : undefined;
}

/** Opens without following a link, and without waiting if it is a pipe after all. */
function tryOpen(place: string): number | undefined {
  try {
    return openSync(place, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
}

/** By content: an agent can set a file's times, and tmpfs does not note writes through a mapping. */
function hasGivenContent(
  file: number,
  { stat, executable, known }: { stat: Stats; executable: boolean; known: GivenFile },
): boolean {
  if (known.kind !== 'file') return false;
  if (stat.size !== known.bytes || executable !== known.executable) return false;
  return sha256Of(file) === known.sha256;
}

function sha256Of(file: number): string {
  const hash = createHash('sha256');
  for (let read = readSync(file, block); read > 0; read = readSync(file, block))
    hash.update(block.subarray(0, read));
  return hash.digest('hex');
}
