import { type CheckCommand, maxCheckCommands } from '../../domain/check-command.ts';
import type { Place, PolicyFault } from '../fault.ts';
import { lowestPlace, pathName, type Said, type SaidByPath } from './said.ts';

/**
 * Layers add to the commands of `verify`: lists that are good alone may be more together than a task can run, or have
 * one name for two commands. The fault is of the lowest layer that adds some.
 */
export function clashingCommands(complete: SaidByPath): readonly PolicyFault[] {
  const top = faultAt(complete.get('verify.commands'));
  // Each task has the top's commands as well: the same fault again helps nobody.
  if (top !== undefined) return [top];
  const ofTasks = [...complete.values()].filter(({ path }) => isOfTask(path));
  return ofTasks.flatMap((said) => faultAt(said) ?? []);
}

function isOfTask(path: readonly string[]): boolean {
  return path.length === 4 && pathName(path).endsWith('.verify.commands');
}

function faultAt(said: Said | undefined): PolicyFault | undefined {
  if (said === undefined) return undefined;
  const { path, value, sources } = said;
  const message = whyClashing(value as readonly CheckCommand[]);
  if (message === undefined) return undefined;
  const at = lowestPlace(sources);
  // One list alone does not clash: its schema has seen to that.
  const above = sources.find((place) => place !== at) as Place;
  return { code: 'clashes', path: pathName(path), message, at, above };
}

function whyClashing(commands: readonly CheckCommand[]): string | undefined {
  const names = commands.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) return `${twice} is the name of two commands that differ`;
  if (names.length <= maxCheckCommands) return undefined;
  return `all layers together have ${names.length} commands; a task runs at most ${maxCheckCommands}`;
}
