import { ProbotOctokit } from 'probot';
import type { Log } from '../../ports/log.ts';
import { limitError } from './api-error.ts';
import { LimitWaits } from './limit-waits.ts';

/** An Octokit with REST methods, pagination, throttling and bounded retries. */
export type ApiClient = ProbotOctokit;

/** How requests are made, for every client of one GitHub server. */
export interface ApiSettings {
  /** REST root without a trailing slash: `https://api.github.com`, or `https://host/api/v3` for GHES. */
  readonly apiUrl: string;
  readonly log: Log;
  /** How requests are sent; Node's own fetch unless told. */
  readonly fetch?: typeof fetch;
  /** A request that has not been answered in full by then fails; 15 s unless told. */
  readonly timeoutMs?: number;
  /** Repeats of a GET after a 5xx or a broken connection; 2 unless told, after 1 s and 4 s. */
  readonly maxRetries?: number;
  /** Multiplies every wait between attempts; 1000 (seconds in ms) unless told. Tests make it small. */
  readonly retryUnitMs?: number;
  /** Paces writes to GitHub's secondary limits; on unless told. */
  readonly paced?: boolean;
}

/** What a client authenticates with: the App's key (JWT), or an installation token. */
export type ApiAuth =
  | { readonly appId: number; readonly privateKey: string }
  | { readonly token: string };

const apiVersion = '2022-11-28';
const silence = () => undefined;

/**
 * Makes a client. `pacingKey` names the budget that its writes share (one an installation).
 * Only GETs are repeated after a 5xx or a lost connection: a write may have taken effect, and whoever
 * asked for it finds that out by reading. A request that a rate limit refused had no effect: it is sent again
 * where the limit is a short one, and fails with `retryAfterMs` else.
 */
export function createApiClient(
  settings: ApiSettings,
  auth: ApiAuth,
  pacingKey: string,
): ApiClient {
  const waits = new LimitWaits();
  const onLimit = (retryAfterS: number, options: object) => {
    const isWaitedFor = waits.mayWait(options, retryAfterS);
    settings.log.warn({ retryAfterS, isWaitedFor, pacingKey }, 'GitHub rate limit reached');
    return isWaitedFor;
  };
  const unitMs = settings.retryUnitMs ?? 1000;
  const octokit: ApiClient = new ProbotOctokit({
    auth,
    baseUrl: settings.apiUrl,
    userAgent: 'sallyport',
    // Probot's request logging writes request bodies; none of them belongs in a log.
    log: { debug: silence, info: silence, warn: silence, error: silence },
    request: { fetch: fetchWithin(settings.timeoutMs ?? 15_000, settings.fetch) },
    retry: {
      retries: settings.maxRetries ?? 2,
      retryAfterBaseValue: unitMs,
      // 409 is a conflict that stays one; 429 belongs to the throttling below.
      doNotRetry: [400, 401, 403, 404, 409, 410, 422, 429, 451],
    },
    throttle: {
      enabled: settings.paced ?? true,
      id: pacingKey,
      retryAfterBaseValue: unitMs,
      onRateLimit: onLimit,
      onSecondaryRateLimit: onLimit,
    },
  });
  octokit.hook.before('request', (options) => {
    options.headers['x-github-api-version'] = apiVersion;
    if (options.method !== 'GET') options.request = { ...options.request, retries: 0 };
  });
  octokit.hook.wrap('request', async (request, options) => {
    try {
      return await request(options);
    } catch (error) {
      throw waits.isRefused(options) ? limitError(error) : error;
    }
  });
  return octokit;
}

/** fetch with a deadline for the whole answer, a new one for every attempt. */
function fetchWithin(timeoutMs: number, send: typeof fetch = fetch): typeof fetch {
  return (input, init) => send(input, { ...init, signal: AbortSignal.timeout(timeoutMs) });
}
