import type { z } from 'zod';
import { maxFaults } from '../fault.ts';
import { closestWord } from './closest-word.ts';
import { knownKeysAt } from './known-words.ts';

type Issue = z.core.$ZodIssue;

/** One thing that does not fit, with the path of the key or value to point at. */
export interface Misfit {
  readonly path: readonly PropertyKey[];
  readonly isKey: boolean;
  readonly message: string;
}

/** What an issue says to a maintainer. `value` is the whole document that did not fit `schema`. */
export function explainIssue(schema: z.ZodType, value: unknown, issue: Issue): readonly Misfit[] {
  const { path } = issue;
  switch (issue.code) {
    case 'unrecognized_keys':
      return unknownKeys(knownKeysAt(schema, path), issue);
    case 'invalid_union':
      return explainUnion(schema, value, issue);
    case 'invalid_key':
      return [{ path, isKey: true, message: sentenceOf(issue.issues) }];
    case 'invalid_type':
      return [
        {
          path,
          isKey: false,
          message: mustBe(String(typeWords[issue.expected]), value, path),
        },
      ];
    case 'invalid_value':
      return [
        { path, isKey: false, message: oneOf(issue.values.map(String), valueAt(value, path)) },
      ];
    case 'too_small':
      return [
        { path, isKey: false, message: `must be at least ${sized(issue.minimum, issue.origin)}` },
      ];
    case 'too_big':
      return [
        { path, isKey: false, message: `must be at most ${sized(issue.maximum, issue.origin)}` },
      ];
    default:
      return [{ path, isKey: false, message: issue.message }];
  }
}

function unknownKeys(
  known: readonly string[],
  { keys, path }: z.core.$ZodIssueUnrecognizedKeys,
): readonly Misfit[] {
  // Each is held against all that are known, so there is an end to it here already.
  return keys.slice(0, maxFaults).map((key) => unknownKey(known, [...path, key]));
}

function unknownKey(known: readonly string[], path: readonly PropertyKey[]): Misfit {
  const key = String(path.at(-1));
  const meant = closestWord(key, known);
  const hint = meant === undefined ? `known here: ${known.join(', ')}` : `did you mean ${meant}?`;
  return { path, isKey: true, message: `is no key of a policy; ${hint}` };
}

/** Of several shapes, the one with the fewest faults is the one that was meant. */
function explainUnion(
  schema: z.ZodType,
  value: unknown,
  issue: z.core.$ZodIssueInvalidUnion,
): readonly Misfit[] {
  const closest = issue.errors.toSorted((a, b) => a.length - b.length).slice(0, 1);
  return closest
    .flat()
    .flatMap((inner) =>
      explainIssue(schema, value, { ...inner, path: [...issue.path, ...inner.path] }),
    );
}

function sentenceOf(issues: readonly Issue[]): string {
  return issues.map(({ message }) => message).join('; ');
}

const typeWords: Readonly<Record<string, string>> = {
  int: 'a whole number',
  number: 'a number',
  string: 'text',
  boolean: 'true or false',
  array: 'a list, as [a, b]',
  tuple: 'a list, as [a, b]',
  object: 'a section of keys',
  record: 'a section of keys',
};

function mustBe(wanted: string, value: unknown, path: readonly PropertyKey[]): string {
  const given = valueAt(value, path);
  return given === undefined
    ? `is missing; it is ${wanted}`
    : `must be ${wanted}, not ${shown(given)}`;
}

function oneOf(known: readonly string[], given: unknown): string {
  const list =
    known.length === 1 ? `must be ${known.join('')}` : `must be one of ${known.join(', ')}`;
  const meant = typeof given === 'string' ? closestWord(given, known) : undefined;
  return `${list}, not ${shown(given)}${meant === undefined ? '' : `; did you mean ${meant}?`}`;
}

function sized(size: number | bigint, origin: string): string {
  switch (origin) {
    case 'string':
      return `${size} characters`;
    case 'array':
      return size === 1 ? '1 entry' : `${size} entries`;
    default:
      return String(size);
  }
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a section of keys';
  if (typeof value !== 'string') return JSON.stringify(value);
  // What is shown in a comment or a log line stays short.
  return `the text ${JSON.stringify(value.slice(0, 40))}`;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((node, key) => Reflect.get(Object(node) as object, key), value);
}
