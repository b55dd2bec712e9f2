import type { Answer } from './call.ts';

/** How much content one installation may create, and how GitHub says that it was too much. */
export interface ContentLimits {
  readonly perMinute: number;
  readonly perHour: number;
  /** GitHub answers with either (docs.github.com, rate limits for the REST API). */
  readonly status: 403 | 429;
}

/** docs.github.com, secondary rate limits: content-generating requests. */
export const GITHUB_CONTENT_LIMITS: ContentLimits = { perMinute: 80, perHour: 500, status: 403 };

/** REST requests that make content. A review is one, whatever it carries; check runs are not known to count. */
export const CONTENT_OPERATIONS: ReadonlySet<string> = new Set([
  'issues/create-comment',
  'pulls/create',
  'pulls/create-reply-for-review-comment',
  'pulls/create-review',
  'pulls/create-review-comment',
]);

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** Counts what each installation creates, by the clock of the stand-in. */
export class ContentMeter {
  readonly #limits: ContentLimits | undefined;
  readonly #nowMs: () => number;
  readonly #times = new Map<number, number[]>();

  /** Without limits everything passes. */
  constructor(limits: ContentLimits | undefined, nowMs: () => number) {
    this.#limits = limits;
    this.#nowMs = nowMs;
  }

  /** Counts one creation, or returns GitHub's refusal with the seconds to wait in `retry-after`. */
  take(installationId: number): Answer | undefined {
    if (!this.#limits) return undefined;
    const nowMs = this.#nowMs();
    const times = (this.#times.get(installationId) ?? []).filter((one) => one > nowMs - HOUR_MS);
    const freeAtMs = Math.max(
      freeAt(times, this.#limits.perHour, HOUR_MS),
      freeAt(times, this.#limits.perMinute, MINUTE_MS),
    );
    this.#times.set(installationId, freeAtMs > nowMs ? times : [...times, nowMs]);
    return freeAtMs > nowMs ? refusal(this.#limits.status, freeAtMs - nowMs) : undefined;
  }
}

/** When the creation that is `count` back leaves the window; 0 when there are fewer. */
function freeAt(times: readonly number[], count: number, windowMs: number): number {
  const oldest = times[times.length - count];
  return oldest === undefined ? 0 : oldest + windowMs;
}

function refusal(status: number, waitMs: number): Answer {
  return {
    status,
    headers: { 'retry-after': String(Math.ceil(waitMs / 1000)) },
    body: {
      message:
        'You have exceeded a secondary rate limit and have been temporarily blocked from content creation. Please retry your request again later.',
      documentation_url:
        'https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits',
    },
  };
}
