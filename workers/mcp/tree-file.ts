import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync } from 'node:fs';
import { RepoPath } from '../../src/domain/repo-path.ts';
import { Refusal } from './agent-tool.ts';

/** Larger files are nothing that a reader wants to see. */
const maxFileBytes = 32 * 1024 * 1024;

/**
 * A path as agents say it: of the repository, or with the workspace before it.
 * @throws Refusal for one that leaves the repository
 */
export function repoPathOf(said: string, workspace: string): RepoPath {
  const inside = said.startsWith(`${workspace}/`) ? said.slice(workspace.length + 1) : said;
  const parsed = RepoPath.safeParse(inside.replace(/^(\.\/)+/, ''));
  if (parsed.success) return parsed.data;
  const hint = 'Name it relative to the root of the repository, such as src/main.ts.';
  throw new Refusal(`path: ${quoted(said)} is no file of the repository. ${hint}`);
}

/** The bytes of a regular file of a tree; undefined when there is none, or a link on the way to it. */
export function readTreeFile(root: string, path: RepoPath): Buffer | undefined {
  const folders = path.split('/');
  for (let depth = 1; depth < folders.length; depth += 1) {
    const folder = lstatSync(`${root}/${folders.slice(0, depth).join('/')}`, {
      throwIfNoEntry: false,
    });
    if (folder?.isDirectory() !== true) return undefined;
  }
  return readFile(`${root}/${path}`);
}

function readFile(place: string): Buffer | undefined {
  const { O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;
  let file: number;
  try {
    file = openSync(place, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (['ENOENT', 'ENOTDIR', 'ELOOP', 'ENXIO', 'EACCES', 'ENAMETOOLONG'].includes(code ?? ''))
      return undefined;
    throw error;
  }
  try {
    const stat = fstatSync(file);
    if (stat.size > maxFileBytes) throw new Refusal('That file is larger than 32 MiB.');
    return stat.isFile() ? readFileSync(file) : undefined;
  } finally {
    closeSync(file);
  }
}

/** Lines of a file; what is behind its last line's end is none. */
export function lineCount(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(0x0a); at !== -1; at = bytes.indexOf(0x0a, at + 1)) count += 1;
  return bytes.length > 0 && bytes.at(-1) !== 0x0a ? count + 1 : count;
}

/** What an agent said, short and on one line. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text);
}
