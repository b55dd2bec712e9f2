import type { Target } from './comparison.ts';
import type { Outcome } from './run-pairs.ts';

const columns = ['case', 'measured', 'baseline', 'ratio (min–max)', 'added', 'target', ''];

/** The outcomes as a table, and below it where the time of each goes. */
export function tableOf(outcomes: readonly Outcome[]): string {
  const rows = [columns, ...outcomes.map(rowOf)];
  const widths = columns.map((_, column) =>
    Math.max(...rows.map((row) => cell(row, column).length)),
  );
  const table = rows.map((row) =>
    widths
      .map((width, column) => cell(row, column).padEnd(width))
      .join('  ')
      .trimEnd(),
  );
  return [...table, '', ...outcomes.flatMap(notesOf)].join('\n');
}

/** The outcomes for a program: one object a case. */
export function jsonOf(outcomes: readonly Outcome[], runtime: string): string {
  return JSON.stringify(
    outcomes.map(({ measured, measuredBaseline, ...outcome }) => ({
      ...outcome,
      median: { measured: measured.median, baseline: measuredBaseline.median },
      p95: { measured: measured.p95, baseline: measuredBaseline.p95 },
      runtime,
    })),
    null,
    2,
  );
}

function cell(row: readonly string[], column: number): string {
  return row[column] ?? '';
}

function rowOf(outcome: Outcome): string[] {
  const { name, unit, ratio, added, measured, measuredBaseline, target, reached } = outcome;
  const verdict = reached === null ? '' : reached ? 'reached' : 'missed';
  return [
    name,
    `${number(measured.median)} ${unit}`,
    `${number(measuredBaseline.median)} ${unit}`,
    `${number(ratio.median)} (${number(ratio.min)}–${number(ratio.max)})`,
    `${number(added.median)} ${unit}`,
    target === null ? '' : wordsOf(target, unit),
    verdict,
  ];
}

function wordsOf(target: Target, unit: string): string {
  if (target.kind === 'added') return `≤ ${target.atMost} ${unit} more`;
  if (target.kind === 'measured') return `≤ ${target.atMost} ${unit}`;
  return 'atMost' in target ? `≤ ${target.atMost}` : `≥ ${target.atLeast}`;
}

function notesOf(outcome: Outcome): string[] {
  const { name, title, baseline, rounds, measured, measuredBaseline, load } = outcome;
  return [
    `${name}: ${title}`,
    `  against ${baseline}; ${rounds} pairs, load ${load.map(number).join(' to ')}`,
    `  95 % within ${number(measured.p95)}, baseline ${number(measuredBaseline.p95)}`,
    ...stagesOf('measured', outcome.stages),
    ...stagesOf('baseline', outcome.baselineStages),
  ];
}

function stagesOf(side: string, stages: Readonly<Record<string, number>>): string[] {
  const spent = Object.entries(stages).map(([stage, ms]) => `${stage} ${number(ms)} ms`);
  return spent.length === 0 ? [] : [`  ${side}: ${spent.join(', ')}`];
}

function number(value: number): string {
  if (Math.abs(value) >= 100) return value.toFixed(0);
  return Math.abs(value) >= 10 ? value.toFixed(1) : value.toFixed(2);
}
