import type { Outcome } from '../domain/outcome.ts';
import type { Task } from '../domain/task.ts';
import { maxAnnotations } from './annotations.ts';
import { counted, findingsInWords } from './counted.ts';
import type { GateView } from './gate-view.ts';
import { leftoverInWords, type NotInlineReason } from './leftover-words.ts';

/** What the words are about. */
interface Result {
  readonly task: Task;
  readonly outcome: Outcome;
  readonly gate: GateView;
  readonly suggestionCount: number;
  readonly notInline: readonly NotInlineReason[];
}

/** The result as a title of a few words and as a verdict of a sentence or two; Sallyport's own text. */
export function describeResult(result: Result): { title: string; verdict: string } {
  const { outcome } = result;
  const errors = outcome.toolErrors.length;
  const failed = errors === 0 ? '' : `; ${counted(errors, 'tool')} failed`;
  const isFix = result.task.kind === 'fix';
  const headline = isFix ? fixHeadline(result) : findingsInWords(outcome.findings);
  const verdict = `**${capitalised(`${headline}${failed}`)}.**${details(result)}${notAnnotated(outcome)}`;
  // A title has seven words: the worst come first, and what has no place stands in the verdict.
  const short = isFix || errors === 0 ? headline : findingsInWords(outcome.findings, 2);
  return { title: capitalised(isFix ? short : `${short}${failed}`), verdict };
}

function fixHeadline({ outcome, gate }: Result): string {
  const files = counted(outcome.changes.length, 'file');
  const headlines: Readonly<Record<GateView['status'], string>> = {
    none: 'no fix proposed',
    waiting: `patch for ${files} waits for approval`,
    applied: `patch for ${files} applied`,
    rejected: `patch for ${files} rejected`,
    refused: `patch for ${files} not let through`,
  };
  return headlines[gate.status];
}

function details({ task, outcome, suggestionCount, notInline }: Result): string {
  if (task.kind === 'fix') return ` What remains: ${findingsInWords(outcome.findings)}.`;
  const inline =
    suggestionCount === 0 ? '' : ` ${counted(suggestionCount, 'suggested change')} inline.`;
  if (notInline.length === 0) return inline;
  const why = leftoverInWords(notInline);
  return `${inline} ${counted(notInline.length, 'change')} not inline (${why}): see the patch below.`;
}

function notAnnotated({ findings }: Outcome): string {
  const rest = findings.length - maxAnnotations;
  return rest <= 0
    ? ''
    : ` ${counted(rest, 'least important finding')} left without an annotation.`;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
