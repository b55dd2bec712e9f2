import type { Credentials, SecretProvider } from '../../ports/credentials.ts';

/** Several sources as one: the first that has a name gives it, and all are looked for. */
export function firstOf(sources: readonly Credentials[]): Credentials {
  return {
    get: (name) => {
      for (const source of sources) {
        const secret = source.get(name);
        if (secret !== undefined) return secret;
      }
      return undefined;
    },
    values: () => sources.flatMap((source): SecretProvider[] => [...source.values()]),
  };
}
