import { z } from 'zod';
import { type CommitSha, TaskId } from '../../domain/ids.ts';
import type { RepositoryRef } from '../../domain/repository.ts';
import {
  type CheckAnnotation,
  type CheckRuns,
  maxAnnotationsPerRequest,
  type OwnCheckRun,
} from '../../ports/check-runs.ts';
import { readAnswer } from './answer.ts';
import type { ApiClient } from './api-client.ts';
import { actionFields, outputFields, stateFields } from './check-run-body.ts';
import { listAnnotations, listFailed } from './foreign-check-runs.ts';
import { readJobLog } from './job-log.ts';
import { at, type RepositoryApi } from './repository-api.ts';
import { tokenPermissions } from './token-permissions.ts';

const CheckRun = z.object({ id: z.int() });
const AnnotatedRun = z.object({ output: z.object({ annotations_count: z.int().nonnegative() }) });
const ListedRuns = z.array(
  z.object({
    id: z.int(),
    name: z.string(),
    external_id: z.string().nullish(),
    conclusion: z.string().nullish(),
    app: z.object({ id: z.int() }).nullish(),
  }),
);

/** What check runs are made and read with, besides the API. */
interface CheckRunSettings {
  readonly appId: number;
  /** The address behind a task's check run, with `{task}` for its id; GitHub's own when null or absent. */
  readonly detailsUrl?: string | null;
  /** How the storage of logs is asked; Node's own fetch unless told. */
  readonly fetch?: typeof fetch;
}

/** Check runs over the REST API. A run is completed by the request that brings its last annotation. */
export class OctokitCheckRuns implements CheckRuns {
  readonly #call: RepositoryApi;
  readonly #appId: number;
  readonly #detailsUrl: string | null;
  readonly #fetch: typeof fetch;

  constructor(call: RepositoryApi, settings: CheckRunSettings) {
    this.#call = call;
    this.#appId = settings.appId;
    this.#detailsUrl = settings.detailsUrl ?? null;
    this.#fetch = settings.fetch ?? fetch;
  }

  create(repository: RepositoryRef, run: Parameters<CheckRuns['create']>[1]): Promise<number> {
    return this.#call(repository, tokenPermissions.writeChecks, async (octokit) => {
      const answer = await octokit.request('POST /repos/{owner}/{repo}/check-runs', {
        ...at(repository),
        name: run.name,
        head_sha: run.headSha,
        external_id: run.externalId,
        ...this.#detailsOf(run.externalId),
        ...stateFields(run.state),
        output: outputFields(run.output, run.annotations),
      });
      return readAnswer(CheckRun, answer).id;
    });
  }

  /** A check without a task behind it has nothing to link to. An update leaves the address as it is. */
  #detailsOf(externalId: string): { readonly details_url?: string } {
    const task = TaskId.safeParse(externalId);
    if (this.#detailsUrl === null || !task.success) return {};
    return { details_url: this.#detailsUrl.replaceAll('{task}', task.data) };
  }

  update(
    repository: RepositoryRef,
    checkRunId: number,
    change: Parameters<CheckRuns['update']>[2],
  ): Promise<void> {
    return this.#call(repository, tokenPermissions.writeChecks, async (octokit) => {
      const run = { ...at(repository), check_run_id: checkRunId };
      // Everything is checked before anything is sent: a refusal must not leave half of the annotations.
      const actions = actionFields(change.actions ?? []);
      const annotations = change.annotations ?? [];
      outputFields(change.output, annotations);
      const missing = await missingAnnotations(octokit, run, annotations);
      for (const chunk of missing.allButLast) {
        const output = outputFields(change.output, chunk);
        await octokit.request('PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}', {
          ...run,
          output,
        });
      }
      await octokit.request('PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}', {
        ...run,
        ...stateFields(change.state),
        output: outputFields(change.output, missing.last),
        actions,
      });
    });
  }

  tell(...[repository, checkRunId, output]: Parameters<CheckRuns['tell']>): Promise<void> {
    return this.#call(repository, tokenPermissions.writeChecks, async (octokit) => {
      await octokit.request('PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}', {
        ...at(repository),
        check_run_id: checkRunId,
        // Without a status: with one, a word that comes late would open the check again.
        output: outputFields(output),
      });
    });
  }

  async find(
    repository: RepositoryRef,
    headSha: CommitSha,
    externalId: string,
  ): Promise<number | undefined> {
    const own = await this.list(repository, headSha);
    return own.find((run) => run.externalId === externalId)?.id;
  }

  list(repository: RepositoryRef, headSha: CommitSha): Promise<readonly OwnCheckRun[]> {
    return this.#call(repository, tokenPermissions.writeChecks, async (octokit) => {
      const own: OwnCheckRun[] = [];
      const pages = octokit.paginate.iterator(
        'GET /repos/{owner}/{repo}/commits/{ref}/check-runs',
        { ...at(repository), ref: headSha, app_id: this.#appId, filter: 'all', per_page: 100 },
      );
      for await (const page of pages) {
        // Another App can give its run any external id; only ours counts.
        const ours = readAnswer(ListedRuns, page).filter((run) => run.app?.id === this.#appId);
        for (const { id, name, external_id, conclusion } of ours) {
          own.push({ id, name, externalId: external_id ?? '', conclusion: conclusion ?? null });
        }
      }
      return own.sort((a, b) => b.id - a.id);
    });
  }

  failed(...[repository, headSha]: Parameters<CheckRuns['failed']>) {
    const order = { headSha, appId: this.#appId };
    return this.#call(repository, tokenPermissions.writeChecks, (octokit) =>
      listFailed(octokit, repository, order),
    );
  }

  annotations(...[repository, checkRunId]: Parameters<CheckRuns['annotations']>) {
    return this.#call(repository, tokenPermissions.writeChecks, (octokit) =>
      listAnnotations(octokit, repository, checkRunId),
    );
  }

  jobLog(...[repository, jobId]: Parameters<CheckRuns['jobLog']>) {
    return readJobLog(this.#call, { repository, jobId }, this.#fetch);
  }
}

/** The annotations that the run does not have yet, in requests' worth. Annotations only ever append. */
async function missingAnnotations(
  octokit: ApiClient,
  run: { readonly owner: string; readonly repo: string; readonly check_run_id: number },
  annotations: readonly CheckAnnotation[],
): Promise<{ allButLast: CheckAnnotation[][]; last: CheckAnnotation[] }> {
  if (annotations.length === 0) return { allButLast: [], last: [] };
  const answer = await octokit.request('GET /repos/{owner}/{repo}/check-runs/{check_run_id}', run);
  const missing = annotations.slice(readAnswer(AnnotatedRun, answer).output.annotations_count);
  const allButLast: CheckAnnotation[][] = [];
  while (missing.length > maxAnnotationsPerRequest) {
    allButLast.push(missing.splice(0, maxAnnotationsPerRequest));
  }
  return { allButLast, last: missing };
}
