import { hiddenPattern } from '../domain/hidden-characters.ts';

/**
 * Indented JSON in which hidden characters (C1 controls, bidi marks, tags, …) are `\u` escapes, so that
 * printing it on a terminal shows what is there. Parses to the same value.
 */
export function escapedJson(value: unknown): string {
  return escaped(JSON.stringify(value, null, 2));
}

/** The same on one line. */
export function escapedJsonLine(value: unknown): string {
  return escaped(JSON.stringify(value));
}

function escaped(json: string): string {
  return json.replace(hiddenPattern, (character) =>
    Array.from({ length: character.length }, (_, at) => escapeOf(character.charCodeAt(at))).join(
      '',
    ),
  );
}

function escapeOf(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`;
}
