import { parsePatch } from 'diff';
import type { Finding } from '../../src/domain/finding.ts';
import type { Marks } from '../../src/domain/finding-record.ts';
import { marksOf } from '../../src/domain/fingerprint.ts';
import { digestOf } from '../../src/domain/ids.ts';
import { parseHunks } from '../../src/report/diff-hunks.ts';
import type { FileSides } from '../../src/report/patch-text.ts';
import { nothingAsked } from '../../src/report/run-facts.ts';
import { planWhole } from '../../test/support/report/plan-whole.ts';
import { sampleOutcome, sampleRules, sampleTask } from '../../test/support/report/samples.ts';
import type { Measured, OpenComparison } from '../comparison.ts';
import type { Cases } from '../run-cases.ts';
import { playPullRequest } from './pull-request.ts';

/** Changed lines that a time is told for. */
const unitLines = 10_000;
const targetMs = 100;

/** Every case of `publish`, by its name, in the order of the table. */
export const publishCases: Cases = {
  'plan-20-files': () => planned('plan-20-files', unitLines, 20),
  'plan-one-file': () => planned('plan-one-file', unitLines, 1),
  'plan-100k': () => planned('plan-100k', 10 * unitLines, 200),
};

/** Made by the runner, which has the files. */
function marksIn(findings: readonly Finding[], files: ReadonlyMap<string, FileSides>): Marks[] {
  const lines = new Map(
    [...files].map(([path, { before }]) => [
      path,
      Buffer.from(before ?? [])
        .toString()
        .split('\n'),
    ]),
  );
  return findings.map((finding) => marksOf(finding, lines.get(finding.path)));
}

async function planned(name: string, lines: number, count: number): Promise<OpenComparison> {
  const { diff, findings, files } = playPullRequest(lines, count);
  const outcome = sampleOutcome({ findings: [...findings], marks: marksIn(findings, files) });
  const text = Buffer.from(diff).toString();
  const share = lines / unitLines;
  const measure = async (): Promise<Measured> => {
    const startedMs = performance.now();
    const hunks = parseHunks(diff);
    const parsedMs = performance.now();
    const report = planWhole({
      task: sampleTask(),
      rules: sampleRules(),
      outcome,
      files,
      hunks,
      gate: { status: 'none', reasons: [], mayApprove: 'Nobody.' },
      facts: nothingAsked,
      ledgerHead: { seq: 1, hash: digestOf('row') },
    });
    const endedMs = performance.now();
    if (report.suggestionCount === 0) throw new Error('a report without a suggestion');
    const stages = { parse: parsedMs - startedMs, plan: endedMs - parsedMs };
    return { value: (endedMs - startedMs) / share, stages };
  };
  const measureBaseline = async (): Promise<Measured> => {
    const startedMs = performance.now();
    if (parsePatch(text).length < count) throw new Error('a file is missing');
    return { value: (performance.now() - startedMs) / share };
  };
  return {
    name,
    title: `from ${findings.length} findings and the diff to the planned review; ${lines} changed lines in ${count} files, per ${unitLines} lines`,
    baseline: 'parsePatch of the `diff` package on the same diff',
    unit: 'ms',
    target: { kind: 'measured', atMost: targetMs },
    rounds: 15,
    measure,
    measureBaseline,
    close: async () => undefined,
  };
}
