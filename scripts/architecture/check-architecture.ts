import { builtinModules } from 'node:module';
import { posix } from 'node:path';
import { findCycles } from './find-cycles.ts';
import { nameViolations } from './name-violations.ts';
import { type ImportedModule, readModule, type SourceModule } from './read-module.ts';
import {
  ADAPTER,
  ADAPTER_EXTRAS,
  COMPOSITION,
  ENVIRONMENT_READERS,
  IO_BUILTINS,
  MAX_LINES,
  OWNED_PACKAGES,
  ZONES,
  type ZoneRule,
} from './zones.ts';

/** Source text by path relative to the repository. */
export type SourceTree = ReadonlyMap<string, string>;

/**
 * Every way in which a tree breaks the house style's rules on dependencies, names and sizes, one
 * line each, sorted; none when it keeps them all.
 */
export function checkArchitecture(tree: SourceTree): readonly string[] {
  const modules = [...tree].map(([path, source]) => readModule(path, source));
  const perModule = modules.flatMap((module) =>
    [...importViolations(module), ...fileViolations(module), ...nameViolations(module)].map(
      (reason) => `${module.path}: ${reason}`,
    ),
  );
  const cycles = findCycles(modules).map((path) => `cycle: ${path.join(' -> ')}`);
  return [...perModule, ...cycles].sort();
}

function fileViolations(module: SourceModule): string[] {
  const found: string[] = [];
  if (zoneOf(module.path) === undefined)
    found.push('is in no zone of scripts/architecture/zones.ts');
  if (module.lineCount > MAX_LINES) found.push(`has ${module.lineCount} lines, over ${MAX_LINES}`);
  if (module.computedImports > 0) found.push('imports a computed path');
  if (module.readsEnvironment && !ENVIRONMENT_READERS.test(module.path)) {
    found.push('reads process.env; only src/config.ts does');
  }
  return found;
}

function importViolations(module: SourceModule): string[] {
  const zone = zoneOf(module.path);
  if (zone === undefined) return [];
  return module.imports.flatMap((imported) => {
    const { name } = imported;
    const reason = name.startsWith('.')
      ? localViolation(zone, posix.join(posix.dirname(module.path), name))
      : packageViolation(zone, imported);
    return reason === undefined ? [] : [reason];
  });
}

function localViolation(zone: string, target: string): string | undefined {
  const targetZone = zoneOf(target);
  if (targetZone === undefined) return `imports ${target}, which is in no zone`;
  if (targetZone === zone) return undefined;
  // The sandbox's code is never loaded into the control plane, by nobody.
  if (COMPOSITION.includes(zone) && targetZone !== 'workers') return undefined;
  return ruleOf(zone).zones.includes(targetZone) ? undefined : `${zone} may not import ${target}`;
}

function packageViolation(zone: string, imported: ImportedModule): string | undefined {
  const { name } = imported;
  if (!name.startsWith('node:') && builtinModules.includes(name))
    return `imports ${name} without node:`;
  const rule = ruleOf(zone);
  if (name.startsWith('node:')) {
    const isIo = IO_BUILTINS.test(name) && !imported.isTypeOnly;
    return isIo && !rule.mayDoIo ? `${zone} may not do I/O (${name})` : undefined;
  }
  const packageName = name.split('/', name.startsWith('@') ? 2 : 1).join('/');
  const owner = OWNED_PACKAGES.find((owned) => owned.name.test(packageName));
  if (owner !== undefined && !owner.zones.includes(zone))
    return `${zone} may not name ${packageName}`;
  const isAllowed = rule.packages?.includes(packageName) ?? true;
  return isAllowed ? undefined : `${zone} may not name ${packageName}`;
}

function ruleOf(zone: string): ZoneRule {
  if (zone.startsWith('adapters/')) {
    return { ...ADAPTER, zones: [...ADAPTER.zones, ...(ADAPTER_EXTRAS[zone] ?? [])] };
  }
  return ZONES[zone] ?? { zones: [], mayDoIo: true };
}

/** The zone of a path; undefined for one that no rule knows. */
function zoneOf(path: string): string | undefined {
  const [top = '', first = '', second = ''] = path.split('/');
  if (top === 'workers') return 'workers';
  if (top !== 'src' || first === '') return undefined;
  if (first === 'adapters') return second === '' ? undefined : `adapters/${second}`;
  const name = first.replace(/\.ts$/, '');
  if (COMPOSITION.includes(name) || name in ZONES) return name;
  return undefined;
}
