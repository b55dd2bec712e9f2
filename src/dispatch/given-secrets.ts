import type { Credentials } from '../ports/credentials.ts';

/** The same secrets, of which each one that is given is told to `see` before: it may have been changed just now. */
export function givenSecrets(credentials: Credentials, see: (secret: string) => void): Credentials {
  return {
    get: (name) => {
      const provide = credentials.get(name);
      if (provide === undefined) return undefined;
      return async () => {
        const secret = await provide();
        see(secret);
        return secret;
      };
    },
    values: () => credentials.values(),
  };
}
