import { setImmediate } from 'node:timers/promises';
import type { RepoPath } from '../domain/repo-path.ts';
import { InputPaths } from '../policy/decide/input-paths.ts';
import type { EffectiveTask } from '../policy/effective-policy.ts';
import { Effort } from '../policy/effort.ts';
import type { ChangedFile } from '../protocol/task-input.ts';

/** Steps that one path is worth; what takes more stays outside. About 10 ms. */
const stepsAPath = 500_000;
/** Steps after which everybody else has a turn: a tree may have half a million paths. */
const stepsATurn = 250_000;

/** Which files of a repository a task may see. */
export interface InputFilter {
  isInput(path: string): Promise<boolean>;
}

/** Which files the agent sees, where the policy keeps any back; undefined where it sees all. */
export function inputFilter(rules: EffectiveTask): InputFilter | undefined {
  const { include, exclude } = rules.inputs;
  if (include.length + exclude.length === 0) return undefined;
  const inputs = new InputPaths(rules);
  let used = 0;
  return {
    isInput: async (path) => {
      const effort = new Effort(stepsAPath);
      const isTaken = inputs.takes(path, effort);
      used += effort.used;
      if (used < stepsATurn) return isTaken;
      used = 0;
      await setImmediate();
      return isTaken;
    },
  };
}

/**
 * The changes that go into the list that the agent is given. Of a rename of which one name alone is input that file
 * comes, or goes, as a whole: its other name is none of this task's business, and no file changes without a word.
 */
export async function shownFiles(
  filter: InputFilter | undefined,
  files: readonly ChangedFile[],
): Promise<ChangedFile[]> {
  if (filter === undefined) return [...files];
  const shown: ChangedFile[] = [];
  for (const file of files) {
    const { path, previousPath, kind } = file;
    const isTaken = await filter.isInput(path);
    const wasTaken = previousPath === null ? isTaken : await filter.isInput(previousPath);
    if (isTaken && wasTaken) shown.push(file);
    else if (isTaken) shown.push({ ...wholeFile(path, kind), status: 'added' });
    else if (wasTaken && previousPath !== null)
      shown.push({
        path: previousPath,
        previousPath: null,
        status: 'deleted',
        kind,
        addedLines: [],
      });
  }
  return shown;
}

/** A file of which every line is the agent's business. Whether it is text nobody has looked, unless they say so. */
export function wholeFile(path: RepoPath, kind: ChangedFile['kind'] = 'text'): ChangedFile {
  const all: ChangedFile['addedLines'] = kind === 'text' ? [[1, Number.MAX_SAFE_INTEGER]] : [];
  return { path, previousPath: null, status: 'modified', kind, addedLines: all };
}
