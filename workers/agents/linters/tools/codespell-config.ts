import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RepoPath } from '../../../../src/domain/repo-path.ts';
import { matchesPattern } from '../glob.ts';
import { type IniSection, readIniSection } from '../ini.ts';
import type { LintContext } from '../linter.ts';
import { readRepoConfig } from '../repo-config.ts';

/** What is honoured of a repository's codespell configuration. */
export type CodespellConfig = {
  readonly flags: readonly string[];
  readonly skip: readonly string[];
};

/** No configuration. */
export const noCodespellConfig: CodespellConfig = { flags: [], skip: [] };

/** Reads `[codespell]` of `.codespellrc`, else of `setup.cfg`. */
export async function findCodespellConfig(context: LintContext): Promise<CodespellConfig> {
  for (const path of ['.codespellrc', 'setup.cfg']) {
    const text = await readRepoConfig(context.workspace, path);
    const section = text === null ? null : readIniSection(text, 'codespell');
    if (section !== null) return configOf(section, context);
  }
  return noCodespellConfig;
}

/** Is this path skipped, as a whole or by one of its folders? */
export function isSkipped(path: string, skip: readonly string[]): boolean {
  const parts = path.split('/');
  const folders = parts.map((_, index) => parts.slice(0, index + 1).join('/'));
  const names = [...parts, ...folders, ...folders.map((folder) => `./${folder}`)];
  return skip.some((pattern) => names.some((name) => matchesPattern(name, pattern)));
}

/** Only keys that choose words and files; `write-changes`, `interactive` and their like never get through. */
async function configOf(section: IniSection, context: LintContext): Promise<CodespellConfig> {
  const flags: string[] = [];
  for (const key of ['ignore-words-list', 'uri-ignore-words-list', 'ignore-regex', 'builtin']) {
    const value = section.get(key);
    if (value !== undefined && value !== '') flags.push(`--${key}=${value}`);
  }
  for (const key of ['ignore-words', 'exclude-file']) {
    const copy = await copyOf(section.get(key), key, context);
    if (copy !== null) flags.push(`--${key}=${copy}`);
  }
  const skip = (section.get('skip') ?? '').split(/[,\n]/).map((pattern) => pattern.trim());
  return { flags, skip: skip.filter((pattern) => pattern !== '') };
}

async function copyOf(
  value: string | undefined,
  key: string,
  context: LintContext,
): Promise<string | null> {
  const path = RepoPath.safeParse(value?.replace(/^\.\//, ''));
  const text = path.success ? await readRepoConfig(context.workspace, path.data) : null;
  if (text === null) return null;
  const copy = join(context.scratch, `codespell-${key}`);
  await writeFile(copy, text);
  return copy;
}
