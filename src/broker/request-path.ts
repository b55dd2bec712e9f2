/** A path in its one spelling, or why it is not taken. */
export type PathReading =
  | {
      readonly ok: true;
      /** What rules are matched against: no query, `%2F` as `/`. */
      readonly match: string;
      /** What is sent on: the path in its one spelling, `%2F` kept, and the query. */
      readonly forward: string;
      readonly hasEncodedSlash: boolean;
    }
  | { readonly ok: false; readonly reason: PathFault };

/** Why a path is refused; stands in the ledger as it is. */
export type PathFault = 'path-malformed' | 'path-encoding' | 'path-traversal' | 'path-too-long';

/** Longest path and query that servers commonly take. */
const maxPathLength = 8_192;

/** RFC 3986: pchar and `/`; no backslash, quote, space, control character or byte above ASCII. */
const pathCharacters = /^\/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*$/;
/** As lenient as servers are about queries, but nothing that could end a request line. */
const queryCharacters = /^[\x21\x24-\x7e]*$/;
/** RFC 3986, 2.3: escaped or not, these mean the same. */
const unreserved = /[A-Za-z0-9._~-]/;

/**
 * Reads `:path`. Escapes of harmless characters are undone, so that rule and server see one path.
 * Refuses absolute forms, `*`, fragments, broken and double escapes, escaped controls and
 * backslashes, empty, `.` and `..` segments, with or without `;` parameters.
 */
export function readPath(text: string): PathReading {
  if (text.length > maxPathLength) return refused('path-too-long');
  const mark = text.indexOf('?');
  const path = mark === -1 ? text : text.slice(0, mark);
  const query = mark === -1 ? '' : text.slice(mark + 1);
  if (!pathCharacters.test(path) || !queryCharacters.test(query)) return refused('path-malformed');
  const forward = path.replace(/%([0-9A-Fa-f]{2})/g, plainOrUpper);
  const match = forward.replaceAll('%2F', '/');
  if (isDisguised(forward)) return refused('path-encoding');
  if (hasEmptyOrDotSegment(match)) return refused('path-traversal');
  return {
    ok: true,
    match,
    forward: mark === -1 ? forward : `${forward}?${query}`,
    hasEncodedSlash: match !== forward,
  };
}

function refused(reason: PathFault): PathReading {
  return { ok: false, reason };
}

function plainOrUpper(escaped: string, digits: string): string {
  const character = String.fromCharCode(Number.parseInt(digits, 16));
  return unreserved.test(character) ? character : escaped.toUpperCase();
}

/** A `%` that is no escape, or one of a control, `%`, `\`, `?` or `#`: somebody decodes twice. */
function isDisguised(path: string): boolean {
  return /%(?![0-9A-F]{2})|%(?:[01][0-9A-F]|7F|25|5C|3F|23)/.test(path);
}

/** Some servers collapse `//`, and some drop `;x` before they look for `..`. */
function hasEmptyOrDotSegment(path: string): boolean {
  const segments = path.slice(1).split('/');
  return segments.some((segment, index) => {
    const name = segment.replace(/(?:;|%3B).*$/, '');
    return (segment === '' && index < segments.length - 1) || name === '.' || name === '..';
  });
}
