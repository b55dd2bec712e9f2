import { maxParameters, ParameterName, ParameterValue } from '../domain/parameters.ts';

/** The most of a value; what is longer is refused, not cut: half a value means something else. */
const maxValueLength = 500;

/** The values of `key=value…`, or what is wrong with them. */
export type ParametersReading =
  | { readonly ok: true; readonly parameters: ReadonlyMap<string, string> }
  | { readonly ok: false; readonly problem: string };

/** One pair, up to white space: the value bare, or in double quotes with `\"` and `\\`. */
const pair = /[ \t]*([^\s="]{1,80})=(?:"((?:[^"\\]|\\["\\])*)"|([^\s"]*))(?=[ \t]|$)/y;

/**
 * Reads `key=value key="a value"`. Keys are lower-case words; each may be there once.
 * Refuses more than 16 pairs, values of more than 500 characters or with some that cannot be seen, and anything
 * that is not a pair.
 */
export function readParameters(text: string): ParametersReading {
  const parameters = new Map<string, string>();
  pair.lastIndex = 0;
  let at = 0;
  while (at < text.length) {
    const match = pair.exec(text);
    if (match === null) return no('values are written `key=value` or `key="a value"`');
    at = pair.lastIndex;
    const key = String(match[1]);
    const value = match[2]?.replace(/\\(["\\])/g, '$1') ?? match[3] ?? '';
    const problem = whyNot(key, value, parameters);
    if (problem !== undefined) return no(problem);
    parameters.set(key, value);
  }
  return { ok: true, parameters };
}

function whyNot(
  key: string,
  value: string,
  parameters: ReadonlyMap<string, string>,
): string | undefined {
  if (!ParameterName.safeParse(key).success) {
    return 'a key is a lower-case letter, then letters, digits and dashes, 40 at most';
  }
  if (value.length > maxValueLength) return `a value has at most ${maxValueLength} characters`;
  if (!ParameterValue.safeParse(value).success)
    return 'a value has no characters that cannot be seen';
  if (parameters.has(key)) return 'a key is there twice';
  return parameters.size < maxParameters ? undefined : `at most ${maxParameters} values`;
}

function no(problem: string): ParametersReading {
  return { ok: false, problem };
}
