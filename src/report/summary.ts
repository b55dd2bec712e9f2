import type { LedgerHead } from '../domain/ledger-entry.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { Task } from '../domain/task.ts';
import type { EffectiveTask } from '../policy/effective-policy.ts';
import { countBySeverity } from './counted.ts';
import { section } from './fit-items.ts';
import type { GateView } from './gate-view.ts';
import { ledgerHeadLine } from './ledger-head-pattern.ts';
import { opinionRows } from './opinion-words.ts';
import { modelRows, networkRows, peaksRow, type RunFacts } from './run-facts.ts';
import { safeCode, safeText } from './sanitise.ts';
import { trialRows } from './trial-words.ts';

/** Bytes for each list of hostile rows; ten of them and the rest stay below GitHub's 65,535. */
const maxListBytes = 5_800;
const maxRowLength = 600;

/** What a summary is made from. */
export interface SummaryParts {
  readonly task: Task;
  readonly rules: EffectiveTask;
  readonly outcome: Outcome;
  readonly gate: GateView;
  readonly facts: RunFacts;
  readonly ledgerHead: LedgerHead;
  /** The result in a sentence, Sallyport's own Markdown. */
  readonly verdict: string;
}

/**
 * The summary of a check run: verdict, findings, what ran and what did not, what was used and asked for, the
 * gate, and the receipt that ties the result to its inputs and to the ledger. No hostile row can start a line of its own.
 */
export function summaryOf(parts: SummaryParts): string {
  const { outcome, gate } = parts;
  return [
    `${parts.verdict}\n`,
    severityTable(outcome),
    gateSection(gate),
    section('Tried with the patch', trialRows(outcome), maxListBytes),
    section('Not confirmed', opinionRows(outcome), maxListBytes),
    section('Could not run', outcome.toolErrors.map(toolErrorRow), maxListBytes),
    section('What ran', whatRan(parts), maxListBytes),
    section('Network', networkRows(parts.facts), maxListBytes),
    section('Files that the agent was not given', outcome.omitted.map(pathRow), maxListBytes),
    section('Files that steer agents', (outcome.replaced ?? []).map(replacedRow), maxListBytes),
    section('Changes that are never let through', outcome.refused.map(pathRow), maxListBytes),
    section('Receipt', receipt(parts), maxListBytes),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function severityTable(outcome: Outcome): string {
  const rows = countBySeverity(outcome.findings);
  if (rows.length === 0) return '';
  const lines = rows.map(({ severity, count }) => `| ${severity} | ${count} |\n`);
  return `| Severity | Findings |\n| --- | ---: |\n${lines.join('')}`;
}

function gateSection(gate: GateView): string {
  if (gate.status === 'none' && gate.reasons.length === 0) return '';
  const state: Readonly<Record<GateView['status'], string>> = {
    none: 'No patch waits for a decision.',
    waiting: `The patch waits for a decision. Who may decide: ${gate.mayApprove}`,
    applied: `The patch was approved and applied${gate.commitSha === undefined ? '' : ` as ${safeCode(gate.commitSha)}`}.`,
    rejected: 'The patch was rejected; nothing was written.',
    refused: 'The patch is not let through; nothing was written.',
  };
  const reasons = gate.reasons.map((reason) => safeText(reason, maxRowLength));
  return section('Gate', [state[gate.status], ...reasons], maxListBytes);
}

type Replaced = NonNullable<Outcome['replaced']>[number];

const replacedWords: Readonly<Record<Replaced['what'], string>> = {
  base: 'the agent had what the base branch has',
  absent: 'the agent did not have it',
  head: 'imported by one of them, and the agent had it as this pull request has it',
};

function replacedRow({ path, what }: Replaced): string {
  return `${safeCode(path)}: ${replacedWords[what]}`;
}

function toolErrorRow(error: Outcome['toolErrors'][number]): string {
  return `${safeCode(error.tool)}: ${safeText(error.message, maxRowLength)}`;
}

function pathRow(row: { readonly path: string; readonly reason: string }): string {
  return `${safeCode(row.path)}: ${row.reason}`;
}

function whatRan({ rules, outcome, facts }: SummaryParts): string[] {
  const peaks = peaksRow(outcome.peaks, rules.limits);
  const tools = outcome.tools.map((tool) => safeCode(`${tool.name} ${tool.version}`));
  return [
    `Agent ${safeCode(rules.agent)} under ${safeCode(outcome.runtime)}, ${(outcome.runMs / 1_000).toFixed(1)} s`,
    ...(peaks === undefined ? [] : [peaks]),
    ...modelRows(facts),
    ...tools,
  ];
}

function receipt({ task, outcome, ledgerHead }: SummaryParts): string[] {
  return [
    `Task: \`${task.id}\`, commit \`${task.headSha}\``,
    `Input: \`${outcome.inputDigest}\``,
    `Image: ${safeCode(outcome.imageDigest)}`,
    `Policy: \`${task.policyDigest}\``,
    `Patch: ${task.patchDigest === null ? 'none' : `\`${task.patchDigest}\``}`,
    ledgerHeadLine(ledgerHead).slice('- '.length),
  ];
}
