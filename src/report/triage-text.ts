import type { AllowedTriage } from '../policy/decide/triage.ts';
import { safeMarkdown } from './safe-markdown.ts';
import { safeCode } from './sanitise.ts';

/** Of the answer; the rest of what an issue is told stays far below GitHub's limit. */
const maxAnswerLength = 8_000;

/** What was made of a triage, and what its answer may have. */
export interface TriageParts extends Pick<AllowedTriage, 'answer'> {
  readonly name: string;
  /** Those that are on the issue. */
  readonly labels: readonly string[];
  readonly linkHosts: readonly string[];
}

/** A triage as its issue is told of it; empty where there is nothing to say. */
export function triageText({ name, labels, answer, linkHosts }: TriageParts): string {
  const said = answer === null ? '' : safeMarkdown(answer, maxAnswerLength, { linkHosts });
  if (labels.length === 0 && said === '') return '';
  const put = labels.length === 0 ? '' : ` Labels: ${labels.map(safeCode).join(', ')}.`;
  const head = `**${name}.**${put}`;
  if (said === '') return head;
  return `${head} An agent's first answer, which nobody has checked:\n\n${said}`;
}
