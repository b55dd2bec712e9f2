import { type CheckCommandResult, isPassed } from '../domain/check-command.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { JudgedFinding } from '../domain/second-opinion.ts';
import { comparePlace } from './order.ts';
import { plainLine } from './sanitise.ts';

const maxLineLength = 2_000;

/** The most that is shown of what a failed command printed, from its end; UTF-16 units. */
const maxOutputLength = 800;

type Said = Pick<Outcome, 'opinions' | 'verification' | 'proof'>;

/**
 * What a second agent made of the findings and how the patch fared, for terminals and logs: one plain line each. A finding
 * that was dropped is in no list of findings, so it is told here.
 */
export function laterStageLines({ opinions, verification, proof }: Said): readonly string[] {
  const lines = [...opinionLines(opinions), ...trialLines(verification), ...proofLines(proof)];
  return lines.map((line) => plainLine(line, maxLineLength));
}

function opinionLines(opinions: Said['opinions']): readonly string[] {
  if (opinions === undefined) return [];
  const { agent, failure, items } = opinions;
  if (failure !== null)
    return [`second opinion: ${agent} did not look (${failure}); every finding stands`];
  return items
    .filter(({ verdict }) => verdict !== 'confirmed')
    .toSorted((a, b) => comparePlace(a.finding, b.finding))
    .map((item) => `second opinion: ${agent} on ${judgedInWords(item)}`);
}

function judgedInWords({ finding, verdict, action, reason }: JudgedFinding): string {
  const { tool, rule, path, range } = finding;
  const place = range === undefined ? path : `${path}:${range.startLine}`;
  const why = reason.trim() === '' ? '' : `: ${reason}`;
  return `${tool}/${rule} in ${place}: ${verdict}, ${action}${why}`;
}

function trialLines(verification: Said['verification']): readonly string[] {
  if (verification === undefined) return [];
  const { status, reason, commands } = verification;
  const not = status === 'not-run' ? [`verify: not tried (${reason ?? 'no result'})`] : [];
  return [...not, ...commands.map((command) => `verify: ${endInWords(command)}`)];
}

function endInWords(command: CheckCommandResult): string {
  const { name, exitCode, signal, output } = command;
  if (isPassed(command)) return `${name} passed`;
  const end = signal === null ? `failed with ${exitCode ?? 'no code'}` : `was ended by ${signal}`;
  const said = output.trim().slice(-maxOutputLength).toWellFormed();
  return said === '' ? `${name} ${end}` : `${name} ${end}: ${said}`;
}

function proofLines(proof: Said['proof']): readonly string[] {
  if (proof === undefined) return [];
  const { status, reason } = proof;
  return [reason === null ? `proof: ${status}` : `proof: ${status} (${reason})`];
}
