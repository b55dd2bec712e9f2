import type { JsonValue } from './ledger-entry.ts';

/** Deeper values are refused, so that a hostile event cannot exhaust the stack. */
const MAX_DEPTH = 200;

function canonicalString(text: string): string {
  // RFC 8785 3.2.2.2: lone surrogates have no UTF-8 form, so two of them would hash alike.
  if (!text.isWellFormed()) throw new TypeError('canonical JSON has no lone surrogates');
  return JSON.stringify(text);
}

function canonicalNumber(value: number): string {
  if (!Number.isFinite(value)) throw new TypeError('canonical JSON has finite numbers only');
  return JSON.stringify(value);
}

function canonicalObject(value: object, depth: number): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new TypeError('canonical JSON has plain objects only');
  }
  // The default sort compares UTF-16 code units, which is the order of RFC 8785 3.2.3.
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  const written = members.map(([key, item]) => `${canonicalString(key)}:${write(item, depth)}`);
  return `{${written.join(',')}}`;
}

function canonicalArray(items: readonly unknown[], depth: number): string {
  // Array.from also visits the holes of a sparse array, which `map` would skip.
  return `[${Array.from(items, (item) => write(item, depth)).join(',')}]`;
}

function write(value: unknown, depth: number): string {
  if (depth > MAX_DEPTH) throw new TypeError(`canonical JSON is at most ${MAX_DEPTH} deep`);
  if (value === null) return 'null';
  switch (typeof value) {
    case 'boolean':
      return value ? 'true' : 'false';
    case 'number':
      return canonicalNumber(value);
    case 'string':
      return canonicalString(value);
    case 'object':
      return Array.isArray(value)
        ? canonicalArray(value, depth + 1)
        : canonicalObject(value, depth + 1);
    default:
      throw new TypeError(`canonical JSON has no ${typeof value}`);
  }
}

/**
 * The one text of a JSON value by RFC 8785 (JCS): no white space, members in the order of their keys'
 * UTF-16 code units, numbers as ECMAScript writes them. Equal values give equal texts.
 * Refuses what has no such text: lone surrogates, NaN, infinities, undefined, functions, class instances,
 * and values nested more than 200 deep.
 * @throws TypeError
 */
export function canonicalJson(value: JsonValue): string {
  return write(value, 0);
}
