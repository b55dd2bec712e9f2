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

/** The value of a JSON text; undefined, which no schema of ours takes, where it is none. */
export function jsonOrNothing(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
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
