import { isUtf8 } from 'node:buffer';

/** Escapes of git's C-style quoting (quote.c) besides the three octal digits of a byte. */
const letters = 'abtnvfr"\\';
const meanings = '\x07\b\t\n\v\f\r"\\';

/**
 * A path as git prints it, given as Latin-1 (one character a byte): decodes the C-style quotes that git
 * puts around unusual names, then the UTF-8. Undefined for broken quoting and for names that are not UTF-8.
 */
export function unquotePath(printed: string): string | undefined {
  const raw = printed.startsWith('"') ? unquote(printed) : printed;
  if (raw === undefined) return undefined;
  const bytes = Buffer.from(raw, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : undefined;
}

function unquote(quoted: string): string | undefined {
  if (!/^"(?:[^"\\]|\\(?:[abtnvfr"\\]|[0-3][0-7]{2}))*"$/.test(quoted)) return undefined;
  return quoted
    .slice(1, -1)
    .replace(/\\(?:([0-3][0-7]{2})|(.))/g, (_match, octal: string | undefined, letter: string) =>
      octal === undefined
        ? meanings.charAt(letters.indexOf(letter))
        : String.fromCharCode(Number.parseInt(octal, 8)),
    );
}
