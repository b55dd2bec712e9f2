import type { IncomingHttpHeaders } from 'node:http';
import { parsedJson } from '../domain/parsed-json.ts';
import type { ModelRoute } from '../policy/model-route.ts';
import { propertyOf } from './json-object.ts';

/** An answer by which a provider fails or refuses a request. */
export interface ProviderFault {
  /** Its status and its own word for it, as `529 overloaded_error`; a word of the provider's, checked. */
  readonly text: string;
  /** Does no second try help, as with a quota that is used up? */
  readonly isLasting: boolean;
}

/** What a route says of faults of the moment. */
export type RetryRule = NonNullable<ModelRoute['retry']>;

/** What holds for a route that says nothing. */
export const defaultRetry: RetryRule = { attempts: 3, maxWaitMs: 20_000 };

/**
 * Faults of the moment: rate limits, and what a provider's own servers are at fault for (docs.claude.com, errors;
 * platform.openai.com, error codes). 529: overloaded, at Anthropic.
 */
const passing = [429, 500, 502, 503, 504, 529];

/** Of a 429: the account is at its end and not the minute. OpenAI's and Anthropic's words for it. */
const lasting = /quota|spend_limit|billing|credit/;

/** Reads an answer from 400 on. @param body its start, at most some KiB */
export function providerFaultOf(
  status: number,
  headers: IncomingHttpHeaders,
  body: string,
): ProviderFault {
  const error = propertyOf(parsedJson(body), 'error');
  const words = [
    propertyOf(propertyOf(error, 'details'), 'error_code'),
    propertyOf(error, 'code'),
    propertyOf(error, 'type'),
    // Google's, where `code` is the status once more; Amazon's stands in a header, with a namespace behind it.
    propertyOf(error, 'status'),
    String(headers['x-amzn-errortype'] ?? '').split(':')[0],
  ].flatMap((word) => (isWord(word) ? [word] : []));
  const [word] = words;
  const text = word === undefined ? String(status) : `${status} ${word}`;
  const isRefused = headers['x-should-retry'] === 'false';
  const isSpent = words.some((one) => lasting.test(one));
  return { text, isLasting: isRefused || isSpent || !passing.includes(status) };
}

/**
 * How long to wait before the next try, ms; undefined: there is none. The provider's own word counts; one that asks
 * for more patience than the rule has is not tried again here, and the agent hears it.
 */
export function waitBeforeNext(
  attempt: number,
  { headers, rule, nowMs }: { headers: IncomingHttpHeaders; rule: RetryRule; nowMs: number },
): number | undefined {
  if (attempt >= rule.attempts) return undefined;
  const asked = askedWaitMs(headers, nowMs);
  const waitMs = asked ?? Math.min(rule.maxWaitMs, 1_000 * 2 ** (attempt - 1));
  return waitMs > rule.maxWaitMs ? undefined : waitMs;
}

/** RFC 9110, 10.2.3: seconds or a date; `retry-after-ms` is OpenAI's, and finer. */
function askedWaitMs(headers: IncomingHttpHeaders, nowMs: number): number | undefined {
  const [ms, after] = [headers['retry-after-ms'], headers['retry-after']];
  if (typeof ms === 'string' && /^\d{1,9}(?:\.\d+)?$/.test(ms)) return Math.ceil(Number(ms));
  if (after === undefined) return undefined;
  if (/^\d{1,9}(?:\.\d+)?$/.test(after)) return Math.ceil(Number(after) * 1_000);
  const untilMs = Date.parse(after);
  return Number.isNaN(untilMs) ? undefined : Math.max(0, untilMs - nowMs);
}

/** May it stand in the ledger and on a check as it is? */
export function isWord(word: unknown): word is string {
  return typeof word === 'string' && /^[A-Za-z][A-Za-z0-9_.-]{0,63}$/.test(word);
}
