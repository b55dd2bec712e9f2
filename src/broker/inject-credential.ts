import { CredentialWord } from '../domain/credential-word.ts';
import type { Credential } from '../policy/egress-rule.ts';
import type { BrokerContext } from './broker-context.ts';
import { EgressEnded } from './egress-ended.ts';
import { withoutCredentials } from './request-headers.ts';

/** Headers of a request, and the secret that was put into them: no answer may bring it back. */
export interface WithSecret {
  readonly headers: Readonly<Record<string, string>>;
  readonly secret?: string;
}

/**
 * The headers with the operator's credential in place of any that came.
 * @throws EgressEnded `credential-missing`, `credential-failed`; never with the secret or its fault in the text.
 */
export async function injectCredential(
  context: BrokerContext,
  headers: Readonly<Record<string, string>>,
  credential: Credential | undefined,
): Promise<WithSecret> {
  const clean = withoutCredentials(headers);
  if (credential === undefined) return { headers: clean };
  const secret = await secretOf(context, credential.name);
  const named =
    credential.header === 'x-api-key'
      ? { 'x-api-key': secret }
      : { authorization: `Bearer ${secret}` };
  return { headers: { ...clean, ...named }, secret };
}

/**
 * A secret by its name.
 * @throws EgressEnded `credential-missing` where there is none, `credential-failed` where its source fails, which may pass
 */
export async function secretOf(context: BrokerContext, name: string): Promise<string> {
  let secret: string | undefined;
  try {
    secret = await context.credentials.get(name)?.();
  } catch {
    // The cause might quote the secret, or where it is kept.
    throw new EgressEnded('credential-failed');
  }
  const word = CredentialWord.safeParse(secret);
  if (!word.success) throw new EgressEnded('credential-missing');
  return word.data;
}
