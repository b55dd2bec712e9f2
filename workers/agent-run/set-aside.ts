import { cp, lstat, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Moves files out of the workspace into `parent`, which the agent's program does not look into. Returns what puts
 * them back, over whatever has taken their places. Copies: the two are of different file systems.
 */
export async function setAside(
  workspace: string,
  names: readonly string[],
  parent: string,
): Promise<() => Promise<void>> {
  const moved: string[] = [];
  for (const name of names) {
    if (!(await isThere(join(workspace, name)))) continue;
    await mkdir(parent, { recursive: true });
    await move(join(workspace, name), join(parent, name));
    moved.push(name);
  }
  return async () => {
    for (const name of moved) {
      await rm(join(workspace, name), { recursive: true, force: true });
      await move(join(parent, name), join(workspace, name));
    }
  };
}

async function move(from: string, to: string): Promise<void> {
  await cp(from, to, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
  await rm(from, { recursive: true, force: true });
}

/** Is there anything by that name, a link that leads nowhere too? */
export async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch {
    // What cannot be looked at cannot be read by the program either.
    return false;
  }
}
