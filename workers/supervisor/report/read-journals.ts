import type { z } from 'zod';
import { Opinion, settleOpinions } from '../../../src/domain/opinion.ts';
import { TriageAnswer } from '../../../src/domain/triage-answer.ts';
import type { AgentReport } from '../../../src/protocol/agent-report.ts';
import { journalNames, maxJournalBytes } from '../../../src/protocol/journal.ts';
import { ReportedFinding } from '../../../src/protocol/reported-finding.ts';
import type { RootExit } from '../exec-record/exec-recorder.ts';
import { isThere, readRegularFile } from './regular-file.ts';

/** What an agent said while it worked. */
export type Journals = Pick<AgentReport, 'findings' | 'opinions' | 'triage'> & {
  /** What is wrong with lines that are none, in words; the others stand. */
  readonly faults: readonly string[];
};

/**
 * Reads what an agent left of its journals; undefined when there is none. Whatever the agent runs can write to them: a
 * line that is none takes no other with it. The last one may lack its end where the agent was ended while it wrote.
 * @throws for a link, a pipe, a file over 2 MiB, and for an answer to an issue that is none
 */
export function readJournals(out: string, end: RootExit): Journals | undefined {
  const places = Object.values(journalNames).filter((name) => isThere(`${out}/${name}`));
  if (places.length === 0) return undefined;
  const isCut = end.exitCode !== 0;
  const { findings: findingsName, opinions: opinionsName, triage: triageName } = journalNames;
  const findings = readLines(ReportedFinding, linesOf(textOf(out, findingsName), isCut));
  const opinions = readLines(Opinion, linesOf(textOf(out, opinionsName), isCut));
  const triage = textOf(out, triageName);
  return {
    findings: findings.values,
    ...(opinions.values.length === 0 ? {} : { opinions: opinions.values }),
    faults: [...faultsOf(findingsName, findings.bad), ...faultsOf(opinionsName, opinions.bad)],
    ...(triage === undefined ? {} : { triage: TriageAnswer.parse(JSON.parse(triage)) }),
  };
}

function textOf(out: string, name: string): string | undefined {
  if (!isThere(`${out}/${name}`)) return undefined;
  return readRegularFile(`${out}/${name}`, maxJournalBytes).toString('utf8');
}

function linesOf(text: string | undefined, isCut: boolean): string[] {
  const lines = (text ?? '').split('\n');
  if (isCut) lines.pop();
  return lines.filter((line) => line.trim() !== '');
}

/** The values of lines that are of this shape, and how many are not. */
function readLines<Value>(
  schema: z.ZodType<Value>,
  lines: readonly string[],
): { readonly values: Value[]; readonly bad: number } {
  const values = lines.flatMap((line) => {
    const read = schema.safeParse(jsonOf(line));
    return read.success ? [read.data] : [];
  });
  return { values, bad: lines.length - values.length };
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    // No schema takes it.
    return undefined;
  }
}

function faultsOf(name: string, bad: number): string[] {
  return bad === 0 ? [] : [`${bad} lines of ${name} cannot be read`];
}

const none: Journals = { findings: [], faults: [] };

/** The findings of a report, and those said before that are not among them. Of opinions one of each finding. */
export function withJournals(report: AgentReport, journals: Journals = none): AgentReport {
  const { findings, opinions = [], faults: _, ...others } = journals;
  const known = new Set(report.findings.map(keyOf));
  const more = findings.filter((finding) => {
    const key = keyOf(finding);
    const isNew = !known.has(key);
    known.add(key);
    return isNew;
  });
  const all = settleOpinions([...opinions, ...(report.opinions ?? [])]);
  const said = all.length === 0 ? {} : { opinions: all };
  return { ...others, ...report, ...said, findings: [...report.findings, ...more] };
}

/** Two findings with the same place, rule and words are one. */
function keyOf({ path, range, rule, message }: ReportedFinding): string {
  const { startLine, startColumn, endLine, endColumn } = range ?? {};
  return JSON.stringify([path, startLine, startColumn, endLine, endColumn, rule, message]);
}
