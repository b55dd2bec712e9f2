import type { EffectiveTask } from '../../policy/effective-policy.ts';
import { type ExplainedValue, explainPolicy } from '../../policy/explain.ts';
import type { LayerName, Place } from '../../policy/fault.ts';
import type { FoldedPolicy } from '../../policy/layering/fold-layers.ts';
import { escapedJson } from '../escaped-json.ts';
import { plainLine } from '../sanitise.ts';
import { columns } from './columns.ts';
import { type Simulation, simulationText } from './simulation.ts';
import { taskInWords } from './task-words.ts';

const maxValueLength = 300;
const maxSubjectLength = 1_000;

/** A policy to explain. */
export interface PolicyExplanation {
  readonly folded: FoldedPolicy;
  /** Where the policy is from: a folder and commit, or a repository. */
  readonly subject: string;
  /** The file of each layer; null where there is none. */
  readonly layers: readonly (readonly [layer: LayerName, file: string | null])[];
  /** What people should know of layers that were not read; null: nothing. */
  readonly note: string | null;
  /** One task alone; undefined: all. */
  readonly task: string | undefined;
  /** What the policy means for one pull request; null: none was asked for. */
  readonly pull: Simulation | null;
}

/**
 * The policy for a terminal: its layers, every task in words, and every value with its source. Of a task
 * those values are shown that differ from the top's, unless the task alone was asked for.
 */
export function explanationText(it: PolicyExplanation): string {
  const { folded, subject, layers, note } = it;
  return [
    `Policy of ${plainLine(subject, maxSubjectLength)}`,
    ...columns(layers.map(([layer, file]) => [layer, file ?? 'none'])),
    ...(note === null ? [] : [`  note          ${plainLine(note, maxSubjectLength)}`]),
    `  digest        ${folded.digest}`,
    ...tasksOf(it).flatMap(([name, task]) => [
      '',
      `Task ${name}`,
      ...columns(taskInWords(name, task)),
    ]),
    ...(it.pull === null ? [] : ['', simulationText(folded.policy, it.pull).trimEnd()]),
    '',
    'Values',
    ...columns(valuesOf(it).map(({ path, value, sources }) => [path, shown(value), from(sources)])),
    '',
  ].join('\n');
}

/** The same for machines: every value, and the words of every task. */
export function explanationJson(it: PolicyExplanation): string {
  const { folded, subject, layers, note, task } = it;
  const tasks = tasksOf(it).map(
    ([name, its]) => [name, Object.fromEntries(taskInWords(name, its))] as const,
  );
  const values = explainPolicy(folded).filter(({ path }) => isAsked(path, task));
  return `${escapedJson({
    subject,
    digest: folded.digest,
    layers: Object.fromEntries(layers),
    note,
    tasks: Object.fromEntries(tasks),
    values,
    ...(it.pull === null ? {} : { pullRequest: it.pull }),
  })}\n`;
}

function tasksOf({
  folded,
  task,
}: PolicyExplanation): readonly (readonly [name: string, task: EffectiveTask])[] {
  const tasks = Object.entries(folded.policy.tasks);
  return tasks.filter(([name]) => task === undefined || name === task);
}

function valuesOf({ folded, task }: PolicyExplanation): readonly ExplainedValue[] {
  const values = explainPolicy(folded).filter(({ path }) => isAsked(path, task));
  if (task !== undefined) return values;
  const top = new Map(values.map(({ path, value }) => [path, JSON.stringify(value)]));
  return values.filter(({ path, value }) => {
    const above = path.replace(/^tasks\.[^.]+\./, '');
    return above === path || top.get(above) !== JSON.stringify(value);
  });
}

function isAsked(path: string, task: string | undefined): boolean {
  return task === undefined || path.startsWith(`tasks.${task}.`);
}

function shown(value: unknown): string {
  return plainLine(JSON.stringify(value), maxValueLength);
}

function from(sources: readonly Place[]): string {
  const places = sources.map(
    ({ layer, file, line, column }) => `${layer} ${file}:${line}:${column}`,
  );
  return places.length === 0 ? 'the language’s default' : [...new Set(places)].join(', ');
}
