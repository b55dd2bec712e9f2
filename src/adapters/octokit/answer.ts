import { z } from 'zod';
import { hasCode, SallyportError } from '../../errors.ts';

/**
 * The part of GitHub's answer that is used, checked.
 * @throws SallyportError `github.unavailable` for an answer that does not fit: cut off, or from a proxy
 */
export function readAnswer<Schema extends z.ZodType>(
  schema: Schema,
  answer: { readonly data: unknown },
): z.output<Schema> {
  const parsed = schema.safeParse(answer.data);
  if (parsed.success) return parsed.data;
  throw new SallyportError('github.unavailable', 'GitHub: the answer does not fit its schema', {
    cause: parsed.error,
  });
}

/** Was this an answer that did not fit its schema? */
export function isMisfit(error: unknown): boolean {
  return hasCode(error, 'github.unavailable') && error.cause instanceof z.ZodError;
}
