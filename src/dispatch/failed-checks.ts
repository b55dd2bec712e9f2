import type { Severity } from '../domain/finding.ts';
import { Range } from '../domain/finding.ts';
import { RepoPath } from '../domain/repo-path.ts';
import type { FailedCheckRun, ForeignAnnotation, JobLog } from '../ports/check-runs.ts';
import type { PriorFinding } from '../protocol/task-input.ts';
import type { AskedWork } from './asked-work.ts';
import type { CommandRequest } from './command-request.ts';
import type { Context } from './context.ts';

/** Most annotations that an agent is told of. */
const maxAnnotations = 100;
const maxMessageLength = 4_000;
const maxTextLength = 20_000;

/** Checks of others that failed on the head of the pull request. */
export function failedChecks(
  { github }: Context,
  { repository, pullRequest }: CommandRequest,
): Promise<readonly FailedCheckRun[]> {
  return github.checkRuns.failed(repository, pullRequest.headSha);
}

/**
 * The check that is meant. Of names without quotes the longest that the text begins with, as a whole word; `rest` is
 * what follows it.
 */
export function checkNamed(
  failed: readonly FailedCheckRun[],
  { check, maybeCheck }: { readonly check: string | null; readonly maybeCheck: string | null },
): { readonly run: FailedCheckRun; readonly rest: string | null } | undefined {
  if (check !== null) {
    const run = failed.find(({ name }) => name === check);
    return run === undefined ? undefined : { run, rest: null };
  }
  const text = maybeCheck ?? '';
  const [run] = failed
    .filter(({ name }) => text === name || text.startsWith(`${name} `))
    .toSorted((a, b) => b.name.length - a.name.length);
  if (run === undefined) return undefined;
  return { run, rest: text.slice(run.name.length).trim() || null };
}

/** What a failed check says: its words as they are, its annotations as findings, and of a job the end of its log. */
export async function workOfCheck(
  { github }: Context,
  { repository }: CommandRequest,
  run: FailedCheckRun,
): Promise<AskedWork> {
  const annotations = await github.checkRuns.annotations(repository, run.id);
  const findings = annotations
    .slice(0, maxAnnotations)
    .flatMap((annotation, at) => findingOf(run, annotation, at));
  const words = [run.title, run.summary, run.text].filter((text) => text !== null && text !== '');
  const text = words.join('\n\n').slice(0, maxTextLength).toWellFormed();
  const title = `Check run ${JSON.stringify(run.name)} failed`.slice(0, 300);
  if (!run.isJob) return { findings, evidence: [{ title, text }] };
  const log = wordsOf(await github.checkRuns.jobLog(repository, run.id));
  const said = text === '' ? [] : [{ title, text }];
  const end = { title: `${title}: the end of its log`.slice(0, 300), text: log };
  return { findings, evidence: [...said, end] };
}

const whyUnread = {
  permission: 'the App may not read logs of Actions (its permission `actions: read`)',
  gone: 'GitHub has it no more',
  'too-large': 'it has more than 32 MiB',
  storage: 'the place where GitHub keeps it gave no answer',
} as const;

function wordsOf(log: JobLog): string {
  return 'text' in log ? log.text : `(Its log was not read: ${whyUnread[log.unread]}.)`;
}

const severities: Readonly<Record<ForeignAnnotation['level'], Severity>> = {
  failure: 'error',
  warning: 'warning',
  notice: 'info',
};

/** None for one whose place is none that a file of a repository may have. */
function findingOf(
  { name }: FailedCheckRun,
  { path, startLine, endLine, level, title, message }: ForeignAnnotation,
  at: number,
): PriorFinding[] {
  const file = RepoPath.safeParse(path);
  const range = Range.safeParse({ startLine, endLine });
  if (!file.success) return [];
  const words = [title, message].filter((text) => text !== '').join('\n');
  return [
    {
      id: `c${at}`,
      state: 'asked',
      tool: 'check',
      rule: name.slice(0, 200),
      severity: severities[level],
      path: file.data,
      message: words.slice(0, maxMessageLength).toWellFormed() || 'failed',
      ...(range.success ? { range: range.data } : {}),
    },
  ];
}
