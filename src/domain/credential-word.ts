import { z } from 'zod';

/** A name of a secret, as rules and routes have it. */
export const CredentialName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/);

/** Shorter ones would be found in any text, and so are not looked for: none is taken as a secret. */
export const leastSecretLength = 8;

/** A secret as a header takes it, and long enough to be looked for in what comes out of sandboxes. */
export const CredentialWord = z
  .string()
  .regex(/^[\x21-\x7e]{1,4096}$/)
  .min(leastSecretLength);
