import type { z } from 'zod';
import { SallyportError } from '../errors.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * One line of JSON as `schema` has it. Refuses invalid UTF-8, what is not JSON (`NaN`, comments)
 * and what the schema does not know.
 * @throws SallyportError `result.malformed` that names `what`; never quotes the sandbox's text.
 */
export function parseLine<T extends z.ZodType>(
  schema: T,
  what: string,
  line: Uint8Array,
): z.output<T> {
  return parseJson(schema, what, jsonOf(what, line));
}

/** The same for JSON that has been looked at. @throws SallyportError `result.malformed` */
export function parseJson<T extends z.ZodType>(
  schema: T,
  what: string,
  json: unknown,
): z.output<T> {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const place = issue?.path.map(String).join('.').slice(0, 200) ?? '';
  throw new SallyportError('result.malformed', `${what}: ${issue?.code} at "${place}"`);
}

/** A line as JSON, of whatever shape. @throws SallyportError `result.malformed` */
export function jsonOf(what: string, line: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(line));
  } catch (cause) {
    throw new SallyportError('result.malformed', `${what} is not JSON in UTF-8`, { cause });
  }
}
