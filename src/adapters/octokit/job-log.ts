import { stripVTControlCharacters } from 'node:util';
import { z } from 'zod';
import type { RepositoryRef } from '../../domain/repository.ts';
import { hasCode } from '../../errors.ts';
import { type JobLog, maxJobLogBytes } from '../../ports/check-runs.ts';
import type { ApiClient } from './api-client.ts';
import { at, type RepositoryApi } from './repository-api.ts';
import { tokenPermissions } from './token-permissions.ts';

/** Most bytes of a log that are gone through for its end: no storage is asked for a part from the end. */
const maxReadBytes = 32 * 1024 * 1024;
const timeoutMs = 15_000;

/** GitHub answers with where the log is, for a minute (docs, download job logs for a workflow run). */
const Whereabouts = z.object({
  status: z.literal(302),
  headers: z.object({ location: z.url({ protocol: /^https?$/ }) }),
});

/** The end of the log of a job, whose id is that of its check run. `send`: how storage is asked. */
export async function readJobLog(
  call: RepositoryApi,
  { repository, jobId }: { readonly repository: RepositoryRef; readonly jobId: number },
  send: typeof fetch,
): Promise<JobLog> {
  try {
    const address = await call(repository, tokenPermissions.readActions, (octokit) =>
      whereLogIs(octokit, repository, jobId),
    );
    return address === undefined ? { unread: 'storage' } : await readEnd(address, send);
  } catch (error) {
    if (hasCode(error, 'github.forbidden')) return { unread: 'permission' };
    if (hasCode(error, 'github.not-found')) return { unread: 'gone' };
    throw error;
  }
}

/** Not followed by Octokit, which would take the token along to a place that is not GitHub's API. */
async function whereLogIs(
  octokit: ApiClient,
  repository: RepositoryRef,
  jobId: number,
): Promise<string | undefined> {
  const answer = await octokit.request('GET /repos/{owner}/{repo}/actions/jobs/{job_id}/logs', {
    ...at(repository),
    job_id: jobId,
    request: { redirect: 'manual' },
  });
  return Whereabouts.safeParse(answer).data?.headers.location;
}

/** The address itself opens the log: it goes nowhere else, and nothing is sent along. */
async function readEnd(address: string, send: typeof fetch): Promise<JobLog> {
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const answer = await send(address, { redirect: 'error', signal });
    if (!answer.ok || answer.body === null) return { unread: 'storage' };
    return await endOf(answer.body);
  } catch {
    // Whatever is between here and storage: the task goes on without the log, and its data says so.
    return { unread: 'storage' };
  }
}

async function endOf(body: AsyncIterable<Uint8Array>): Promise<JobLog> {
  let end = Buffer.alloc(0);
  let total = 0;
  for await (const piece of body) {
    total += piece.byteLength;
    if (total > maxReadBytes) return { unread: 'too-large' };
    end = Buffer.concat([end, piece]).subarray(-maxJobLogBytes);
  }
  const text = end.toString('utf8');
  // What is left of a line that was cut is no line.
  return { text: plain(total > end.byteLength ? text.slice(text.indexOf('\n') + 1) : text) };
}

/** Without the time that each line begins with, and without colours. */
function plain(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/^\ufeff/, '')
    .replace(/^\d{4}-\d\d-\d\dT[\d:.]{8,20}Z ?/gm, '')
    .trimEnd();
}
