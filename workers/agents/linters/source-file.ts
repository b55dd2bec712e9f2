import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { RepoPath } from '../../../src/domain/repo-path.ts';
import type { ChangedFile } from '../../../src/protocol/task-input.ts';
import { type GeneratedReason, generatedReason } from './generated.ts';
import { addedFlags, splitLines } from './lines.ts';

/** Files above this are not read: GitHub does not show diffs of them either. */
export const maxFileBytes = 1024 * 1024;

/** What all files of one task may weigh together, so that the agent stays within its memory. */
const maxTotalBytes = 64 * 1024 * 1024;

/** Why a touched file is not looked at by some or all linters. */
export type SkipReason =
  | 'too-large'
  | 'too-much-in-total'
  | 'not-a-regular-file'
  | 'not-utf-8'
  | 'lone-carriage-returns'
  | GeneratedReason;

/** A touched text file of the head tree, as it was before any fix. */
export type SourceFile = {
  readonly path: RepoPath;
  /** Decoded UTF-8; a byte order mark is kept as U+FEFF. */
  readonly text: string;
  /** The text split at `\n`, terminators dropped, `\r` kept. */
  readonly lines: readonly string[];
  /** For each line: did the pull request add or change it? */
  readonly added: readonly boolean[];
  readonly isNew: boolean;
  /** Set when only the built-in checks read it. */
  readonly skip: SkipReason | null;
};

/** A touched file that could not be read as text. */
export type SkippedFile = { readonly path: RepoPath; readonly skip: SkipReason };

/**
 * Reads the text files that the pull request touches and left in place, sorted by path.
 * Deleted files, binary files, symlinks and submodules have no text: they are left out silently.
 */
export async function readSourceFiles(
  workspace: string,
  changed: readonly ChangedFile[],
): Promise<{ readonly files: SourceFile[]; readonly skipped: SkippedFile[] }> {
  const files: SourceFile[] = [];
  const skipped: SkippedFile[] = [];
  let totalBytes = 0;
  for (const change of textFiles(changed)) {
    const bytes = await readRegularFile(join(workspace, change.path));
    if (typeof bytes === 'string') skipped.push({ path: change.path, skip: bytes });
    else if (totalBytes + bytes.length > maxTotalBytes)
      skipped.push({ path: change.path, skip: 'too-much-in-total' });
    else {
      totalBytes += bytes.length;
      const text = decode(bytes);
      if (text === null) skipped.push({ path: change.path, skip: 'not-utf-8' });
      else files.push(sourceFile(change, text));
    }
  }
  return { files, skipped };
}

/** A `SourceFile` of this text; what a fixed file is linted as again. */
export function sourceFile(change: ChangedFile, text: string): SourceFile {
  const lines = splitLines(text);
  return {
    path: change.path,
    text,
    lines,
    added: addedFlags(lines.length, change.addedLines),
    isNew: change.status === 'added',
    skip: /\r(?!\n)/.test(text) ? 'lone-carriage-returns' : generatedReason(change.path, lines),
  };
}

function textFiles(changed: readonly ChangedFile[]): ChangedFile[] {
  const byPath = new Map<string, ChangedFile>();
  for (const change of changed) {
    if (change.kind === 'text' && change.status !== 'deleted') byPath.set(change.path, change);
  }
  return [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function readRegularFile(path: string): Promise<Buffer | SkipReason> {
  let handle: FileHandle;
  try {
    // The tree is the pull request's: a link is not followed and a FIFO must not block the open.
    handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (error instanceof Error) return 'not-a-regular-file';
    throw error;
  }
  try {
    const { size, mode } = await handle.stat();
    if ((mode & constants.S_IFMT) !== constants.S_IFREG) return 'not-a-regular-file';
    return size > maxFileBytes ? 'too-large' : await handle.readFile();
  } finally {
    await handle.close();
  }
}

function decode(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}
