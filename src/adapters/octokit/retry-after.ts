/** What GitHub asks of who gets no number from it (docs, rate limits for the REST API: "at least one minute"). */
const unsaidMs = 60_000;

/**
 * How long GitHub says to wait after a rate limit, ms: `retry-after` in seconds, else until `x-ratelimit-reset`
 * where nothing is left, else a minute.
 * https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit
 */
export function limitWaitMs(headers: Readonly<Record<string, unknown>>, nowMs: number): number {
  const saidMs = saidWaitMs(headers);
  if (saidMs !== null) return saidMs;
  const resetS = wholeNumber(headers['x-ratelimit-reset']);
  if (headers['x-ratelimit-remaining'] !== '0' || resetS === null) return unsaidMs;
  // The second in which it ends belongs to the limit.
  return Math.max(resetS * 1000 + 1000 - nowMs, 0);
}

/** `retry-after` alone, ms; null where GitHub did not say it. */
export function saidWaitMs(headers: Readonly<Record<string, unknown>>): number | null {
  if (headers['retry-after'] === undefined) return null;
  const seconds = wholeNumber(headers['retry-after']);
  // A date, as proxies send it: whatever it is, somebody asks for time.
  return seconds === null ? unsaidMs : seconds * 1000;
}

function wholeNumber(value: unknown): number | null {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && /^\d{1,12}$/.test(text) ? Number(text) : null;
}
