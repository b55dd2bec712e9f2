/** The keys of one section of an INI file, lower-cased; a repeated key keeps its last value. */
export type IniSection = ReadonlyMap<string, string>;

/**
 * Reads one section the way Python's `configparser` does: `key = value` or `key: value`, indented
 * lines continue a value, `#` and `;` start comment lines. Lines that are neither are passed over.
 * Null when the section is not there.
 */
export function readIniSection(text: string, section: string): IniSection | null {
  let keys: Map<string, string> | null = null;
  let isInside = false;
  let key: string | null = null;
  for (const line of text.split(/\r?\n/)) {
    const header = /^\[([^\]]+)\]/.exec(line);
    if (/^\s*[#;]/.test(line)) continue;
    if (header) {
      isInside = header[1] === section;
      if (isInside) keys ??= new Map();
      key = null;
    } else if (isInside && keys !== null) key = readLine(keys, key, line);
  }
  return keys;
}

function readLine(keys: Map<string, string>, key: string | null, line: string): string | null {
  if (line.trim() === '') return key;
  if (/^\s/.test(line) && key !== null) {
    keys.set(key, `${keys.get(key) ?? ''}\n${line.trim()}`.trim());
    return key;
  }
  const pair = /^\s*([^=:\s][^=:]*?)\s*[=:]\s*(.*)$/.exec(line);
  if (pair?.[1] === undefined) return null;
  const name = pair[1].toLowerCase();
  keys.set(name, (pair[2] ?? '').trim());
  return name;
}
