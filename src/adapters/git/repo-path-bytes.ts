import type { OmittedInput } from '../../domain/outcome.ts';
import { RepoPath } from '../../domain/repo-path.ts';

/** A path of a tree: usable, or the reason why not with a readable form of it. */
export type PathReading =
  | { readonly path: RepoPath }
  | { readonly omitted: OmittedInput & { readonly reason: 'not-utf8-path' | 'bad-path' } };

/** Longest path that an omission names, in UTF-16 units: the schema's ceiling. */
const maxOmittedLength = 4096;

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Reads the bytes git has for a path. Never throws: a hostile name is left out, with the reason. */
export function readPath(bytes: Uint8Array): PathReading {
  const text = decodeUtf8(bytes);
  if (text === undefined) return { omitted: { path: readable(bytes), reason: 'not-utf8-path' } };
  const path = RepoPath.safeParse(text);
  if (path.success) return { path: path.data };
  return { omitted: { path: readable(bytes), reason: 'bad-path' } };
}

/** The text of well-formed UTF-8 bytes, undefined for any others. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return strictUtf8.decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

function readable(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8').slice(0, maxOmittedLength).toWellFormed();
}
