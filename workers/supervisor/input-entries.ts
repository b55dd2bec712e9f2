import { join } from 'node:path';
import type { GivenFile } from './given-files.ts';
import type { Identity } from './identity.ts';
import { NewFile, type WrittenFile } from './new-file.ts';
import type { NewTree } from './new-tree.ts';
import { isRepoPath } from './repo-path.ts';
import type { TarHeader } from './tar-header.ts';
import { type EntryBody, noBody } from './tar-reader.ts';

const taskFiles: readonly string[] = ['task.json', 'diff.patch', 'prompt.md'];

/** Where the entries of a bundle go, and as whom. */
type Target = {
  readonly task: string;
  readonly trees: { readonly head: NewTree; readonly base: NewTree };
  /** What the head has is written down here. */
  readonly given: Map<string, GivenFile>;
  readonly agent: Identity;
};

/** Takes the entries of one bundle in their order: what is root's, then what is the agent's. */
export class InputEntries {
  readonly #target: Target;
  #isAgent = false;

  constructor(target: Target) {
    this.#target = target;
  }

  /** @throws for an entry that has no place, or comes after its turn */
  begin(header: TarHeader): EntryBody {
    const { name } = header;
    const inHead = pathIn('head', name);
    if (inHead !== undefined) return this.#inHead(header, inHead);
    if (this.#isAgent) throw new Error(`the input has an entry after its tree: ${name}`);
    const inBase = pathIn('base', name);
    if (inBase !== undefined) return inTree(this.#target.trees.base, header, { path: inBase });
    if (!taskFiles.includes(name) || header.type !== 'file')
      throw new Error(`the input has an entry with no place: ${name}`);
    return bodyOf(new NewFile(join(this.#target.task, name), 0o444));
  }

  /** Nothing will follow. Whoever calls is root again. */
  end(): void {
    if (this.#isAgent) this.#target.agent.giveBack();
    this.#isAgent = false;
  }

  #inHead(header: TarHeader, path: string): EntryBody {
    const { agent, trees, given } = this.#target;
    if (!this.#isAgent) agent.take();
    this.#isAgent = true;
    const executable = (header.mode & 0o100) !== 0;
    if (header.type === 'symlink') given.set(path, { kind: 'symlink', target: header.linkname });
    return inTree(trees.head, header, {
      path,
      onEnd: (written) => given.set(path, { kind: 'file', executable, ...written }),
    });
  }
}

function inTree(
  tree: NewTree,
  { type, mode, linkname }: TarHeader,
  { path, onEnd }: { readonly path: string; readonly onEnd?: (written: WrittenFile) => unknown },
): EntryBody {
  switch (type) {
    case 'directory':
      if (path !== '') tree.folder(path);
      return noBody;
    case 'symlink':
      tree.link(path, linkname);
      return noBody;
    case 'file':
      return bodyOf(tree.file(path, (mode & 0o100) !== 0), onEnd);
    default:
      throw new Error(`the input has a ${type}: ${path}`);
  }
}

function bodyOf(
  file: NewFile,
  onEnd: (written: WrittenFile) => unknown = () => undefined,
): EntryBody {
  return {
    write: (piece) => file.write(piece),
    end: () => void onEnd(file.end()),
    abandon: () => file.close(),
  };
}

/** The folder itself gives ''. */
function pathIn(folder: 'head' | 'base', name: string): string | undefined {
  const path = name.replace(/\/$/, '');
  if (path === folder) return '';
  if (!path.startsWith(`${folder}/`)) return undefined;
  const rest = path.slice(folder.length + 1);
  return isRepoPath(rest) ? rest : undefined;
}
