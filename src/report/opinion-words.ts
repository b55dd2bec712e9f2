import type { Outcome } from '../domain/outcome.ts';
import type { JudgedFinding, SecondOpinion } from '../domain/second-opinion.ts';
import { counted } from './counted.ts';
import { safeCode, safeText } from './sanitise.ts';

const maxReasonLength = 400;

type Judged = Pick<Outcome, 'opinions'>;

/** What a second agent made of the findings, in a sentence of Markdown with a space before; empty where none was asked. */
export function opinionSentence({ opinions }: Judged): string {
  if (opinions === undefined) return '';
  const { agent, failure, items } = opinions;
  if (failure !== null) {
    const why = safeText(failure, maxReasonLength);
    return ` ${safeCode(agent)} was to look a second time and did not (${why}): every finding stands.`;
  }
  const confirmed = items.filter(({ verdict }) => verdict === 'confirmed').length;
  const dropped = items.filter(({ action }) => action === 'dropped').length;
  const downgraded = items.filter(({ action }) => action === 'downgraded').length;
  return [
    ` ${safeCode(agent)} looked a second time and confirmed ${confirmed} of ${counted(items.length, 'finding')}`,
    ...(dropped === 0 ? [] : [`${dropped} dropped`]),
    ...(downgraded === 0 ? [] : [`${downgraded} made a note`]),
  ]
    .join(', ')
    .concat('.');
}

/** A row for each finding that was not confirmed: which, what came of it, and why. */
export function opinionRows({ opinions }: Judged): string[] {
  const items: SecondOpinion['items'] = opinions?.items ?? [];
  return items.filter(({ verdict }) => verdict !== 'confirmed').map(rowOf);
}

function rowOf({ finding, verdict, action, reason }: JudgedFinding): string {
  const { tool, rule, path, range } = finding;
  const place = range === undefined ? path : `${path}:${range.startLine}`;
  const why = reason.trim() === '' ? '' : `: ${safeText(reason, maxReasonLength)}`;
  return `${safeCode(`${tool}: ${rule}`)} in ${safeCode(place)} ${verdict}, ${action}${why}`;
}
