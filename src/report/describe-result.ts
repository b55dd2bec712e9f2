import type { Outcome } from '../domain/outcome.ts';
import type { Task } from '../domain/task.ts';
import { maxAnnotations } from './annotations.ts';
import { counted, findingsInWords } from './counted.ts';
import type { GateView } from './gate-view.ts';
import type { PublishPlan } from './inline/publish-plan.ts';
import { leftoverInWords } from './leftover-words.ts';
import { opinionSentence } from './opinion-words.ts';
import { safeCode } from './sanitise.ts';
import { trialSentence } from './trial-words.ts';

/** What the words are about. */
interface Result {
  readonly task: Task;
  readonly outcome: Outcome;
  readonly gate: GateView;
  readonly inline: PublishPlan;
  /** Findings that nothing is held against, and that the outcome here is without. */
  readonly waived?: ReadonlySet<number>;
}

/** The result as a title of a few words and as a verdict of a sentence or two; Sallyport's own text. */
export function describeResult(result: Result): { title: string; verdict: string } {
  const { outcome } = result;
  const errors = outcome.toolErrors.length;
  const failed = errors === 0 ? '' : `; ${counted(errors, 'tool')} failed`;
  const isFix = result.task.kind === 'fix';
  const headline = isFix ? fixHeadline(result) : findingsInWords(outcome.findings);
  const verdict = `**${capitalised(`${headline}${failed}`)}.**${unfinishedInWords(outcome)}${details(result)}${notAnnotated(outcome)}`;
  // A title has seven words: the worst come first, and what has no place stands in the verdict.
  const short = isFix || errors === 0 ? headline : findingsInWords(outcome.findings, 2);
  return { title: capitalised(isFix ? short : `${short}${failed}`), verdict };
}

function fixHeadline({ outcome, gate }: Result): string {
  const files = counted(outcome.changes.length, 'file');
  // Whoever looks at the title alone must not take half an edit for a whole one.
  const patch = outcome.ending === undefined ? `patch for ${files}` : 'unfinished patch';
  const headlines: Readonly<Record<GateView['status'], string>> = {
    none: 'no fix proposed',
    waiting: `${patch} waits for approval`,
    applied: `${patch} applied`,
    rejected: `${patch} rejected`,
    refused: `${patch} not let through`,
  };
  return headlines[gate.status];
}

/** Each finding of a part is whole; an edit of it may be half of one. */
function unfinishedInWords({ ending, changes }: Outcome): string {
  if (ending === undefined || changes.length === 0) return '';
  return ` The agent was not done when it reached ${safeCode(ending.limit)}: what it changed may be half an edit.`;
}

function details(result: Result): string {
  const { task, outcome, inline } = result;
  if (task.kind === 'fix')
    return `${trialSentence(outcome)} What remains: ${findingsInWords(outcome.findings)}.${opinionSentence(outcome)}`;
  return `${opinionSentence(outcome)}${sinceInWords(result)}${inlineInWords(inline)}`;
}

/** What became of the findings since the last task of this name. */
function sinceInWords({ inline: { since, dismissed }, waived }: Result): string {
  const parts =
    since === null
      ? []
      : [`${since.fresh} new`, `${since.persisting} as before`, `${since.fixed} fixed`];
  const counting = dismissed.filter((at) => waived?.has(at) !== true).length;
  const said = parts.length === 0 ? '' : ` Since the last time: ${parts.join(', ')}.`;
  const hidden =
    counting === 0
      ? ''
      : ` ${counted(counting, 'dismissed finding')} not said again, and still counted: who may approve can waive with \`/sallyport dismiss\`.`;
  const without =
    waived === undefined || waived.size === 0 ? '' : ` ${counted(waived.size, 'finding')} waived.`;
  return `${said}${hidden}${without}`;
}

function inlineInWords({ comments, fileComments, suggestions, notInline }: PublishPlan): string {
  const parts = [
    ...(suggestions === 0 ? [] : [`${counted(suggestions, 'suggested change')} inline`]),
    ...(comments.length === suggestions
      ? []
      : [`${counted(comments.length - suggestions, 'remark')} inline`]),
    ...(fileComments.length === 0 ? [] : [`${counted(fileComments.length, 'comment')} on files`]),
  ];
  const inline = parts.length === 0 ? '' : ` ${capitalised(parts.join(', '))}.`;
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
