import type { GhesVersion } from './operations.ts';

/** Makes something once for github.com and once for each GHES version, when it is first asked for. */
export function perVersion<T>(
  make: (ghes: GhesVersion | undefined) => T,
): (ghes: GhesVersion | undefined) => T {
  const made = new Map<GhesVersion | undefined, T>();
  return (ghes) => {
    const known = made.get(ghes) ?? make(ghes);
    made.set(ghes, known);
    return known;
  };
}
