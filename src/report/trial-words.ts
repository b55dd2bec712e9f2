import { type CheckCommandResult, isPassed } from '../domain/check-command.ts';
import type { Outcome } from '../domain/outcome.ts';
import { counted } from './counted.ts';
import { safeCode, safeText } from './sanitise.ts';

/** The most that is shown of what a command printed, from its end; UTF-16 units. */
const maxOutputLength = 800;
const maxReasonLength = 300;

type Trials = Pick<Outcome, 'verification' | 'proof'>;

/** What trying the patch showed, in a sentence or two of Markdown with a space before; empty where nobody tried it. */
export function trialSentence({ verification, proof }: Trials): string {
  const tried = verification === undefined ? '' : ` ${triedInWords(verification)}`;
  return proof === undefined ? tried : `${tried} ${provenInWords(proof)}`;
}

function triedInWords({ status, reason, commands }: NonNullable<Trials['verification']>): string {
  const all = counted(commands.length, 'command');
  switch (status) {
    case 'passed':
      return `Tried with the patch: ${all} passed.`;
    case 'failed':
      return `Tried with the patch: ${counted(failedOf(commands).length, 'command')} of ${commands.length} failed.`;
    default:
      return `The patch could not be tried: ${safeText(reason ?? 'no result', maxReasonLength)}.`;
  }
}

function provenInWords({ status, reason }: NonNullable<Trials['proof']>): string {
  if (status === 'proven') return 'The tests fail without the change and pass with it.';
  const why = safeText(reason ?? 'no result', maxReasonLength);
  return status === 'not-proven'
    ? `The tests are not offered: ${why}.`
    : `Whether the tests fail without the change cannot be told: ${why}.`;
}

/** A row for each command: how it ended, and of one that failed the end of what it printed. */
export function trialRows({ verification }: Trials): string[] {
  return (verification?.commands ?? []).map((command) => {
    const { name, ms, output } = command;
    const said = isPassed(command) || output.trim() === '' ? '' : `: ${endOf(output)}`;
    return `${safeCode(name)} ${howEnded(command)} after ${(ms / 1_000).toFixed(1)} s${said}`;
  });
}

function howEnded({ exitCode, signal }: CheckCommandResult): string {
  if (signal !== null) return `was ended by ${safeCode(signal)}`;
  return exitCode === 0 ? 'passed' : `failed with ${exitCode ?? 'no code'}`;
}

function endOf(output: string): string {
  const end = output.trim().slice(-maxOutputLength).toWellFormed();
  return safeCode(end.length < output.trim().length ? `… ${end}` : end);
}

function failedOf(commands: readonly CheckCommandResult[]): readonly CheckCommandResult[] {
  return commands.filter((one) => !isPassed(one));
}
