import type { Violation } from './schema-set.ts';
import type { World } from './world.ts';

/** What storage answers. */
interface Stored {
  readonly status: number;
  readonly text: string;
}

const folder = '/_storage/job-logs/';

/** Where the log of a job is: an address that opens it by itself, as GitHub's are for a minute. */
export function addressOfLog(world: World, jobId: number): string {
  return `${world.url}${folder}${jobId}?sig=storage`;
}

/**
 * The storage of logs, which is not GitHub's API: whoever shows it a token has given that away, which is recorded.
 * Azure answers such a request with 400. Undefined for other addresses.
 */
export function readStored(
  { world, violations }: { readonly world: World; readonly violations: Violation[] },
  url: URL,
  authorization: string | undefined,
): Stored | undefined {
  if (!url.pathname.startsWith(folder)) return undefined;
  if (authorization !== undefined) {
    const errors = ['a token was sent to the storage of logs'];
    violations.push({ direction: 'request', operation: 'storage of logs', errors });
    return { status: 400, text: 'InvalidAuthenticationInfo' };
  }
  const text = world.jobLogs.get(Number(url.pathname.slice(folder.length)));
  if (text === undefined || url.searchParams.get('sig') !== 'storage')
    return { status: 403, text: 'AuthenticationFailed' };
  return { status: 200, text };
}
