import { z } from 'zod';
import { Opinion, settleOpinions } from '../../../src/domain/opinion.ts';
import { TriageAnswer } from '../../../src/domain/triage-answer.ts';
import type { AgentReport } from '../../../src/protocol/agent-report.ts';
import { journalNames, maxJournalBytes } from '../../../src/protocol/journal.ts';
import { ReportedFinding } from '../../../src/protocol/reported-finding.ts';
import type { RootExit } from '../exec-record/exec-recorder.ts';
import { isThere, readRegularFile } from './regular-file.ts';

/** What an agent said while it worked. */
export type Journals = Pick<AgentReport, 'findings' | 'opinions' | 'triage'>;

/**
 * Reads what an agent left of its journals; undefined when there is none.
 * @throws for a link, a pipe, a file over 2 MiB, and for a line of another shape; the last one may lack its end where
 * the agent was ended while it wrote
 */
export function readJournals(out: string, end: RootExit): Journals | undefined {
  const places = Object.values(journalNames).filter((name) => isThere(`${out}/${name}`));
  if (places.length === 0) return undefined;
  const isCut = end.exitCode !== 0;
  const lines = (name: string) => linesOf(textOf(out, name), isCut);
  const findings = z.array(ReportedFinding).parse(lines(journalNames.findings));
  const opinions = z.array(Opinion).parse(lines(journalNames.opinions));
  const triage = textOf(out, journalNames.triage);
  return {
    findings,
    ...(opinions.length === 0 ? {} : { opinions }),
    ...(triage === undefined ? {} : { triage: TriageAnswer.parse(JSON.parse(triage)) }),
  };
}

function textOf(out: string, name: string): string | undefined {
  if (!isThere(`${out}/${name}`)) return undefined;
  return readRegularFile(`${out}/${name}`, maxJournalBytes).toString('utf8');
}

function linesOf(text: string | undefined, isCut: boolean): unknown[] {
  const lines = (text ?? '').split('\n');
  const rest = lines.pop() ?? '';
  if (rest !== '' && !isCut) lines.push(rest);
  return lines.map((line) => JSON.parse(line) as unknown);
}

/** The findings of a report, and those said before that are not among them. Of opinions one of each finding. */
export function withJournals(report: AgentReport, journals: Journals | undefined): AgentReport {
  const { findings, opinions = [], ...others }: Journals = journals ?? { findings: [] };
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
