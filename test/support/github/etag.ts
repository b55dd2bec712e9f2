import { createHash } from 'node:crypto';
import type { Answer } from './call.ts';

/**
 * Gives an answer its ETag, or answers 304 without a body to who has that version already. Tags belong to a
 * token: the same list read with the next token has another one (github/docs#34689).
 */
export function revalidated(
  answer: Answer,
  {
    authorization,
    ifNoneMatch,
  }: { authorization: string | undefined; ifNoneMatch: string | undefined },
): Answer {
  if (answer.status !== 200) return answer;
  const link = answer.headers?.['link'] ?? '';
  const text = JSON.stringify([authorization ?? '', answer.body ?? null, link]);
  const etag = `W/"${createHash('sha256').update(text).digest('hex')}"`;
  const headers = { ...answer.headers, etag };
  const known = (ifNoneMatch ?? '').split(',').map((one) => one.trim());
  return known.includes(etag) ? { status: 304, headers } : { ...answer, headers };
}
