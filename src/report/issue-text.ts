import type { Outcome } from '../domain/outcome.ts';
import type { Task } from '../domain/task.ts';
import type { EffectiveTask } from '../policy/effective-policy.ts';
import { findingsInWords } from './counted.ts';
import { describeResult } from './describe-result.ts';
import { section } from './fit-items.ts';
import type { GateView } from './gate-view.ts';
import { nothingInline } from './inline/publish-plan.ts';
import { patchText } from './patch-section.ts';
import type { FileSides } from './patch-text.ts';
import type { CheckView } from './plan-state.ts';
import { safeCode, safeText } from './sanitise.ts';
import { trialRows, trialSentence } from './trial-words.ts';

/** Bytes of each list, and of the patch: all of it stays below what one answer may have, 20,000. */
const maxListBytes = 2_000;
const maxPatchBytes = 8_000;
const maxRowLength = 600;

/** A finished task of an issue, as its conversation is to tell it. */
export interface IssueParts {
  readonly task: Task;
  readonly rules: Pick<EffectiveTask, 'outputs'>;
  readonly outcome: Outcome;
  /** Both sides of every change, by path. */
  readonly files: ReadonlyMap<string, FileSides>;
  readonly gate: GateView;
  /** The pull request, once the patch has been applied. */
  readonly pullRequest: number | undefined;
}

/** What a check run would show, for a conversation, where there is none: title and summary. */
export function stateText(task: Task, { output }: CheckView): string {
  return `**${task.name}: ${output.title}.**\n\n${output.summary}`;
}

/**
 * The result of a task of an issue as Markdown: the verdict, the files with their sizes, what is to be written to
 * let the patch go on, the digests that the approval will be bound to, and the patch as far as it fits.
 */
export function issueText(parts: IssueParts): string {
  const { task, outcome, gate, files } = parts;
  const { title } = describeResult({ ...parts, inline: nothingInline });
  const reasons = gate.reasons.map((reason) => safeText(reason, maxRowLength));
  const errors = outcome.toolErrors.map(
    ({ tool, message }) => `${safeCode(tool)}: ${safeText(message, maxRowLength)}`,
  );
  return [
    `**${task.name}: ${title}.**${trialSentence(outcome)} What remains: ${findingsInWords(outcome.findings)}.`,
    nextOf(parts),
    section('Why', reasons, maxListBytes),
    section('Files', [...files].map(fileRow), maxListBytes),
    section('Tried with the patch', trialRows(outcome), maxListBytes),
    section('Could not run', errors, maxListBytes),
    section('Receipt', receiptOf(task), maxListBytes),
    foldedPatch(files),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** What there is to do now. By the task's id: a commit names every patch that was made on it. */
function nextOf({ task, rules, gate, pullRequest }: IssueParts): string {
  if (pullRequest !== undefined) return `Opened as pull request #${pullRequest}.`;
  if (gate.status !== 'waiting') return '';
  const form = rules.outputs.pullRequest === 'draft' ? 'a draft pull request' : 'a pull request';
  return [
    `\`/sallyport approve ${task.id}\` opens it as ${form}, from a branch at commit`,
    `\`${task.baseSha}\`; \`/sallyport reject\` drops it. ${gate.mayApprove}`,
  ].join(' ');
}

function fileRow([path, { before, after }]: readonly [string, FileSides]): string {
  return `${safeCode(path)}: ${sizeOf(before)} → ${sizeOf(after)}`;
}

function sizeOf(side: Uint8Array | null): string {
  return side === null ? 'absent' : `${side.byteLength} bytes`;
}

function receiptOf(task: Task): readonly string[] {
  return [
    `Task: \`${task.id}\`, commit \`${task.headSha}\``,
    `Policy: \`${task.policyDigest}\``,
    `Patch: ${task.patchDigest === null ? 'none' : `\`${task.patchDigest}\``}`,
  ];
}

function foldedPatch(files: ReadonlyMap<string, FileSides>): string {
  const patch = patchText(files, maxPatchBytes);
  if (patch === '') return '';
  return `<details><summary>The patch</summary>\n\n${patch}\n\n</details>`;
}
