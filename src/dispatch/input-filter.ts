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

/** The changes that go into the list that the agent is given. Of a rename both names have to be input. */
export async function shownFiles(
  filter: InputFilter | undefined,
  files: readonly ChangedFile[],
): Promise<ChangedFile[]> {
  const shown: ChangedFile[] = [];
  for (const file of files) {
    const names = [file.path, file.previousPath].filter((name) => name !== null);
    const isTaken = await Promise.all(names.map(async (name) => filter?.isInput(name) ?? true));
    if (isTaken.every(Boolean)) shown.push(file);
  }
  return shown;
}

/** A file of which every line is the agent's business. Whether it is text nobody has looked. */
export function wholeFile(path: RepoPath): ChangedFile {
  const all: ChangedFile['addedLines'] = [[1, Number.MAX_SAFE_INTEGER]];
  return { path, previousPath: null, status: 'modified', kind: 'text', addedLines: all };
}
