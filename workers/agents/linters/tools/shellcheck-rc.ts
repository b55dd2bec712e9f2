import { dirname } from 'node:path/posix';
import { readRepoConfig } from '../repo-config.ts';

/** What is honoured of a `.shellcheckrc`. The keys that make shellcheck read other files are not. */
export type ShellcheckRc = {
  readonly disabled: readonly (readonly [number, number])[];
  readonly enable: readonly string[];
  readonly shell: string | null;
};

const none: ShellcheckRc = { disabled: [], enable: [], shell: null };

/** The nearest configuration of a script, searched from its folder up to the root as shellcheck does. */
export async function findShellcheckRc(workspace: string, path: string): Promise<ShellcheckRc> {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    for (const name of ['.shellcheckrc', 'shellcheckrc']) {
      const text = await readRepoConfig(workspace, folder === '.' ? name : `${folder}/${name}`);
      if (text !== null) return parseShellcheckRc(text);
    }
    if (folder === '.') return none;
  }
}

/** Reads `disable=`, `enable=` and `shell=`; anything else is passed over. */
export function parseShellcheckRc(text: string): ShellcheckRc {
  // By part and not spread: a list without end, as arguments, overflows the stack.
  const disabled: [number, number][][] = [];
  const enable: string[][] = [];
  let shell: string | null = null;
  for (const line of text.split(/\r?\n/)) {
    for (const { 1: key, 2: value } of line
      .replace(/(?:^|\s)#.*/, '')
      .matchAll(/(\w[\w-]*)=(\S+)/g)) {
      if (value === undefined) continue;
      if (key === 'disable') disabled.push(value.split(',').flatMap(codeRange));
      if (key === 'enable') enable.push(value.split(',').filter((it) => /^[a-z-]+$/.test(it)));
      if (key === 'shell' && /^(?:sh|bash|dash|ksh)$/.test(value)) shell = value;
    }
  }
  return { disabled: disabled.flat(), enable: [...new Set(enable.flat())].sort(), shell };
}

/** Is this code switched off? */
export function isDisabled(rc: ShellcheckRc, code: number): boolean {
  return rc.disabled.some(([first, last]) => code >= first && code <= last);
}

function codeRange(text: string): [number, number][] {
  if (text === 'all') return [[0, 99_999]];
  const match = /^(?:SC)?(\d{1,5})(?:-(?:SC)?(\d{1,5}))?$/.exec(text);
  if (match?.[1] === undefined) return [];
  return [[Number(match[1]), Number(match[2] ?? match[1])]];
}
