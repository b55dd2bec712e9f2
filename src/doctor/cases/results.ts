import { z } from 'zod';
import {
  broken,
  held,
  loudCase,
  type Observed,
  type SandboxCase,
  type Verdict,
} from '../attack-case.ts';

const given = { 'given.txt': 'given\n' };

const SparseAnswers = z.record(z.string(), z.string());

/** What could be made is refused by its size; nothing of it takes room on the host. */
function judgeSparse({ result, facts, peak, limits }: Observed): Verdict {
  const answers = SparseAnswers.safeParse(facts['answers']);
  if (!answers.success) return broken('the attempt did not say what it made');
  if (result === undefined) return broken('one bomb took the whole result');
  const made = Object.entries(answers.data).filter(([, answer]) => answer === 'granted');
  const { changes } = result.manifest;
  const refused = changes.filter(
    (change) => change.kind === 'refused' && change.reason === 'too-large',
  );
  if (refused.length < made.length || refused.length < changes.length)
    return broken(`${refused.length} of ${made.length} sparse files were refused by size`);
  if (made.length === 0) return broken('no sparse file could be made');
  if (peak.memoryBytes > limits.memoryBytes || peak.writtenBytes > 0)
    return broken('they took room on the host');
  return held(
    `${refused.length} refused by name: too-large; a terabyte: ${answers.data['sparse-terabyte']}`,
  );
}

/** By the file that git would have made on the host, had anybody run it over what came back. */
function judgeHostGit({ isMarked, result, taken }: Observed): Verdict {
  if (isMarked) return broken('code of the sandbox ran on the host');
  if (result === undefined || taken === undefined) return broken('there is no result to work on');
  const refused = new Set(taken.refused.map(({ path }) => path));
  const missing = ['.git', 'modules/.git'].filter((path) => !refused.has(path));
  if (missing.length > 0) return broken(`not refused: ${missing.join(', ')}`);
  const files = taken.files.map(({ path }) => path);
  if (files.some((path) => /(^|\/)\.git(\/|$)/i.test(path))) return broken('taken: a .git');
  if (!files.includes('.gitattributes')) return broken('the attempt left no attributes');
  return held(`${taken.files.length} files taken as bytes, .git refused; nothing ran on the host`);
}

function judgeOutside({ result, error, taken }: Observed): Verdict {
  if (result === undefined) return broken(`there is no result: ${textOf(error)}`);
  const { report, reportError } = result.manifest;
  if (report !== null || taken?.findings.length !== 0) return broken('taken for a report');
  return held(`no report: ${String(reportError)}`);
}

function judgeElsewhere({ result, error, taken }: Observed): Verdict {
  if (result === undefined) return broken(`there is no result: ${textOf(error)}`);
  const [finding] = result.manifest.report?.findings ?? [];
  if (finding === undefined) return broken('the report did not come');
  const kept = taken?.findings[0];
  return kept === undefined
    ? held('left out: no such file in either tree')
    : broken(`kept: ${kept.path}`);
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What a result may do to the control plane that works on it. */
export const resultCases: readonly SandboxCase[] = [
  loudCase('files.sparse', 'leave sparse files, one of a terabyte', {
    judge: judgeSparse,
    setup: { head: given, limits: { resultFiles: 200 } },
  }),
  loudCase('files.host-git', 'leave what git would run on the host', { judge: judgeHostGit }),
  loudCase('files.finding-outside', 'report on a file outside the repository', {
    judge: judgeOutside,
  }),
  loudCase('files.finding-elsewhere', 'report on a file of neither tree', {
    judge: judgeElsewhere,
  }),
];
