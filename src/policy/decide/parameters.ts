import type { Parameters } from '../../domain/parameters.ts';
import type { EffectiveTask } from '../effective-policy.ts';

type Taking = Pick<EffectiveTask, 'parameters'>;

/** Most allowed values named in a sentence. */
const maxShown = 10;

/** Why the task does not take these values, with those that it does; undefined where it takes them all. */
export function whyNotTaken(
  name: string,
  task: Taking,
  parameters: Parameters,
): string | undefined {
  const wrong = Object.entries(parameters).find(([key, value]) => !isTaken(task, key, value));
  if (wrong === undefined) return undefined;
  const [key] = wrong;
  const what = task.parameters.names.includes(key) ? 'such value of' : 'value called';
  const takes = task.parameters.names.map((one) => oneInWords(task, one)).join(', ');
  if (takes === '') return `\`${name}\` takes no values.`;
  return `\`${name}\` takes no ${what} \`${key}\`. It takes ${takes}.`;
}

/** What the task takes, as one writes it: `level=low|high module=…`; empty where it takes nothing. */
export function parametersInWords(task: Taking): string {
  return task.parameters.names
    .map((name) => `${name}=${shownValues(task, name)?.join('|') ?? '…'}`)
    .join(' ');
}

function isTaken({ parameters: { names, values } }: Taking, key: string, value: string): boolean {
  if (!names.includes(key)) return false;
  return !Object.hasOwn(values, key) || values[key]?.includes(value) === true;
}

function oneInWords(task: Taking, name: string): string {
  const values = shownValues(task, name);
  if (values === undefined) return `\`${name}\``;
  return `\`${name}\` (${values.map((value) => (value === '…' ? value : `\`${value}\``)).join(', ')})`;
}

/** Undefined where any text will do. */
function shownValues(
  { parameters: { values } }: Taking,
  name: string,
): readonly string[] | undefined {
  const allowed = Object.hasOwn(values, name) ? values[name] : undefined;
  if (allowed === undefined || allowed.length <= maxShown) return allowed;
  return [...allowed.slice(0, maxShown), '…'];
}
