import { z } from 'zod';

/** A name as rules and routes have it. */
export const CredentialName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/);
/** A secret as a header takes it. */
export const CredentialWord = z.string().regex(/^[\x21-\x7e]{1,4096}$/);
