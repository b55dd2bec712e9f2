/** More than any policy that people wrote; what is larger is not read. */
const maxPolicyBytes = 64 * 1024;

/** Text that may be parsed, or the offset (UTF-16 units) of what forbids it. */
export type PolicyText =
  | { readonly ok: true; readonly text: string }
  | {
      readonly ok: false;
      readonly text: string;
      readonly offset: number;
      readonly message: string;
    };

/**
 * Characters that change what people see and not what is read (Trojan Source, CVE-2021-42574), and
 * controls. Tabs, line feeds and carriage returns are YAML's own.
 */
const unseen = /[[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]--[\t\n\r]]/v;

/**
 * Reads the bytes of a policy as text.
 * Refuses more than 64 KiB, what is not UTF-8, control characters and hidden ones. A byte order mark at
 * the start is dropped.
 */
export function readPolicyText(content: Uint8Array | string): PolicyText {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  if (bytes.length > maxPolicyBytes) {
    return refused('', 0, `is ${bytes.length} bytes; a policy has at most ${maxPolicyBytes}`);
  }
  const text = decode(bytes);
  if (text === undefined) return refused('', 0, 'is not UTF-8');
  const found = unseen.exec(text);
  if (found === null) return { ok: true, text };
  const name = `U+${(found[0].codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0')}`;
  return refused(text, found.index, `has a character that cannot be seen, ${name}; remove it`);
}

function refused(text: string, offset: number, message: string): PolicyText {
  return { ok: false, text, offset, message };
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // Encoding Standard: a TypeError, for bytes that are not UTF-8, is all that this throws.
    return undefined;
  }
}
