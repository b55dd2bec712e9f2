import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';

/** No tool's configuration is longer than this; a longer one is not read. */
const maxConfigBytes = 256 * 1024;

/**
 * The text of a configuration file of the repository, by its path from the root; null when there
 * is none, or none that is a regular file of sane size. Symlinks are not followed.
 */
export async function readRepoConfig(workspace: string, path: string): Promise<string | null> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const handle = await open(join(workspace, path), flags).catch(() => null);
  if (handle === null) return null;
  try {
    const stat = await handle.stat();
    return stat.isFile() && stat.size <= maxConfigBytes ? await handle.readFile('utf8') : null;
  } finally {
    await handle.close();
  }
}

/** The first of these files that the repository has. */
export async function firstRepoConfig(
  workspace: string,
  paths: readonly string[],
): Promise<{ readonly path: string; readonly text: string } | null> {
  for (const path of paths) {
    const text = await readRepoConfig(workspace, path);
    if (text !== null) return { path, text };
  }
  return null;
}
