import { posix } from 'node:path';
import type { SourceModule } from './read-module.ts';

/** The import cycles of a set of modules, each once, from its first file in alphabetical order. */
export function findCycles(modules: readonly SourceModule[]): readonly (readonly string[])[] {
  const edges = new Map(modules.map((module) => [module.path, targetsOf(module)]));
  const cycles: string[][] = [];
  const finished = new Set<string>();
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) cycles.push([...trail.slice(start), path]);
    if (start >= 0 || finished.has(path)) return;
    for (const target of edges.get(path) ?? []) visit(target, [...trail, path]);
    finished.add(path);
  };
  for (const path of [...edges.keys()].sort()) visit(path, []);
  return cycles;
}

function targetsOf(module: SourceModule): readonly string[] {
  return module.imports
    .filter(({ name }) => name.startsWith('.'))
    .map(({ name }) => posix.join(posix.dirname(module.path), name));
}
