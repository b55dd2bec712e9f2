import type { Credentials } from '../ports/credentials.ts';

/** Shorter parts of a secret are words that may stand anywhere. */
const leastLength = 16;

/**
 * All that has to be looked for in what comes out of sandboxes: every secret, and of one that is a JSON object, as an
 * AWS key, each part too. Rejects where one cannot be read.
 */
export async function secretWords(credentials: Credentials): Promise<readonly string[]> {
  const all = [...credentials.values()].map(async (provide) => provide());
  return (await Promise.all(all)).flatMap(wordsOf);
}

/** A secret and its parts, if it has any. */
export function wordsOf(secret: string): readonly string[] {
  return [secret, ...partsOf(secret)];
}

function partsOf(secret: string): readonly string[] {
  if (!secret.startsWith('{')) return [];
  try {
    const parts: unknown[] = Object.values(JSON.parse(secret) as object);
    return parts.filter((part) => typeof part === 'string').filter(isLong);
  } catch {
    return [];
  }
}

function isLong({ length }: string): boolean {
  return length >= leastLength;
}
