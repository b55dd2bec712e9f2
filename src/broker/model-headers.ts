import type { IncomingMessage } from 'node:http';
import { EgressEnded } from './egress-ended.ts';

/** Headers of a request that mean something to a model; whatever names an account is not among them. */
const sentOn = ['accept', 'anthropic-version', 'anthropic-beta', 'openai-beta', 'user-agent'];

/**
 * Betas that cost more than the price table says, or let the provider run and fetch. Their fields are
 * denied as well; without the beta a client gets an answer instead of a denial.
 */
const refusedBetas =
  /^(?:context-1m|fast-mode|mcp-client|files-api|code-execution|web-fetch|web-search|skills)/;

/** What goes to a model of the headers that came. The answer may not be compressed: it is read here. */
export function modelRequestHeaders(
  headers: Readonly<Record<string, string>>,
  bodyBytes: number,
): Record<string, string> {
  const kept = Object.fromEntries(
    Object.entries(headers).filter(([name]) => sentOn.includes(name)),
  );
  const { 'anthropic-beta': betas, ...rest } = kept;
  const wanted = (betas ?? '')
    .split(/\s*,\s*/)
    .filter((beta) => beta !== '' && !refusedBetas.test(beta));
  return {
    ...rest,
    ...(wanted.length > 0 ? { 'anthropic-beta': wanted.join(',') } : {}),
    'content-type': 'application/json',
    'content-length': String(bodyBytes),
    'accept-encoding': 'identity',
  };
}

const answered =
  /^(?:content-type|content-length|cache-control|date|retry-after(?:-ms)?|request-id|x-request-id|x-should-retry|(?:anthropic|x)-ratelimit-[a-z-]+)$/;

/**
 * What of a model's answer goes to the sandbox: nothing that names the operator's account.
 * @throws EgressEnded for redirects, which a key must not follow, and for compressed answers.
 */
export function modelAnswerHeaders(
  answer: IncomingMessage,
  headers: Record<string, string | string[]>,
): Record<string, string | string[]> {
  const status = answer.statusCode ?? 0;
  if (status >= 300 && status < 400) throw new EgressEnded('answer-redirect');
  const encoding = answer.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') throw new EgressEnded('answer-encoding');
  return Object.fromEntries(Object.entries(headers).filter(([name]) => answered.test(name)));
}
