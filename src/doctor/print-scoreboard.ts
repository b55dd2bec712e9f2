import { plainLine } from '../report/sanitise.ts';
import type { CaseScore } from './run-case.ts';
import type { Scoreboard } from './run-suite.ts';

/** Longest evidence on a terminal, in UTF-16 units; JSON has all of it. */
const maxEvidence = 160;
const idWidth = 30;
const titleWidth = 52;

/** One case on one line. Evidence comes out of a sandbox: nothing of it may drive a terminal. */
export function scoreLine({ id, title, held, evidence, ms }: CaseScore): string {
  const word = held ? 'held  ' : 'BROKEN';
  const seconds = `${(ms / 1000).toFixed(1)} s`.padStart(7);
  const what = `${id.padEnd(idWidth)} ${title.padEnd(titleWidth)}`;
  return `${word} ${seconds}  ${what} ${plainLine(evidence, maxEvidence)}`;
}

/** The last line of a scoreboard. */
export function summaryLine({ runtime, image, held, broken }: Scoreboard): string {
  const word = broken === 0 ? 'the containment held' : 'THE CONTAINMENT IS BROKEN';
  return `${runtime}: ${held} held, ${broken} broken: ${word} (image ${image})`;
}
