import { z } from 'zod';
import type { CommitSha } from '../../domain/ids.ts';
import type { RepositoryRef } from '../../domain/repository.ts';
import type { FailedCheckRun, ForeignAnnotation } from '../../ports/check-runs.ts';
import { readAnswer } from './answer.ts';
import type { ApiClient } from './api-client.ts';
import { at } from './repository-api.ts';

/** Pages of check runs that are looked at. */
const maxPages = 10;
/** Annotations that are read of one run: a page. */
const annotationsPerPage = 100;

const text = z.string().nullish();
const ListedRuns = z.array(
  z.object({
    id: z.int(),
    name: z.string(),
    conclusion: z.string().nullish(),
    app: z.object({ id: z.int(), slug: text }).nullish(),
    output: z.object({ title: text, summary: text, text }),
  }),
);
const Annotations = z.array(
  z.object({
    path: z.string(),
    start_line: z.int(),
    end_line: z.int(),
    annotation_level: z.enum(['notice', 'warning', 'failure']).catch('failure'),
    title: text,
    message: text,
  }),
);

/** GitHub's own App for Actions, on every server: a slug is an App's alone. */
const actionsSlug = 'github-actions';

const failures: readonly unknown[] = ['failure', 'timed_out'];

/** The newest run of each name of other Apps that failed on a commit. */
export async function listFailed(
  octokit: ApiClient,
  repository: RepositoryRef,
  { headSha, appId }: { readonly headSha: CommitSha; readonly appId: number },
): Promise<readonly FailedCheckRun[]> {
  const failed: FailedCheckRun[] = [];
  let pages = 0;
  const listed = octokit.paginate.iterator('GET /repos/{owner}/{repo}/commits/{ref}/check-runs', {
    ...at(repository),
    ref: headSha,
    filter: 'latest',
    status: 'completed',
    per_page: 100,
  });
  for await (const page of listed) {
    for (const { id, name, conclusion, app, output } of readAnswer(ListedRuns, page)) {
      if (app?.id === appId || !failures.includes(conclusion)) continue;
      const { title, summary } = output;
      const words = { title: title ?? null, summary: summary ?? null, text: output.text ?? null };
      failed.push({ id, name, isJob: app?.slug === actionsSlug, ...words });
    }
    pages += 1;
    if (pages === maxPages) break;
  }
  return failed;
}

/** The first annotations of a run. */
export async function listAnnotations(
  octokit: ApiClient,
  repository: RepositoryRef,
  checkRunId: number,
): Promise<readonly ForeignAnnotation[]> {
  const answer = await octokit.request(
    'GET /repos/{owner}/{repo}/check-runs/{check_run_id}/annotations',
    { ...at(repository), check_run_id: checkRunId, per_page: annotationsPerPage },
  );
  return readAnswer(Annotations, answer).map((one) => ({
    path: one.path,
    startLine: one.start_line,
    endLine: one.end_line,
    level: one.annotation_level,
    title: one.title ?? '',
    message: one.message ?? '',
  }));
}
