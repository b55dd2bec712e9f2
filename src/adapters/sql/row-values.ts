import type { z } from 'zod';
import { SallyportError } from '../../errors.ts';

/** A whole number as SQLite (number) or PostgreSQL (string of a bigint) gives it; the schema checks it. */
export function wholeNumber(value: number | string): number {
  return Number(value);
}

/** Like `wholeNumber`, for a column that may be null. */
export function wholeNumberOrNull(value: number | string | null): number | null {
  return value === null ? null : wholeNumber(value);
}

/**
 * What a row holds, as `schema` has it. Refuses everything else: a row may have been written by another
 * version, or by somebody who should not write here.
 * @throws SallyportError `store.corrupt`, naming table and fields but not their values
 */
export function parseRow<Output>(schema: z.ZodType<Output>, table: string, value: unknown): Output {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map((issue) => issue.path.join('.')).join(', ');
  throw new SallyportError('store.corrupt', `a row of ${table} is not valid in: ${fields}`);
}
