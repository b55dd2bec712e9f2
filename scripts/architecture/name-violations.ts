import type { SourceModule } from './read-module.ts';
import { BANNED_NAMES } from './zones.ts';

/** How a module's path or its exported names break the rules on naming. */
export function nameViolations({ path, exportedNames }: SourceModule): readonly string[] {
  const parts = path.replace(/\.ts$/, '').split('/');
  const badParts = parts.filter((part) => isBanned(part.split('-')) || !isKebabCase(part));
  const badExports = exportedNames.filter((name) => isBanned(wordsOf(name)));
  return [
    ...badParts.map((part) => `the name "${part}" is banned or not kebab-case`),
    ...badExports.map((name) => `the exported name "${name}" says nothing`),
    ...(exportedNames.includes('default') ? ['has a default export'] : []),
  ];
}

/** A banned word by itself, or as the noun at the end: `git-utils`, `TaskManager`. */
function isBanned(words: readonly string[]): boolean {
  const last = words.at(-1)?.toLowerCase() ?? '';
  if (last === 'base') return words.length === 1;
  return BANNED_NAMES.includes(last);
}

function isKebabCase(part: string): boolean {
  return /^[a-z0-9]+(-[a-z0-9]+)*$/.test(part);
}

function wordsOf(identifier: string): readonly string[] {
  return identifier.split(/(?=[A-Z])|_/);
}
