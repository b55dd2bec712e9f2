import { createPrivateKey } from 'node:crypto';
import { readAwsKey } from '../../broker/sign-request.ts';
import { CredentialWord } from '../../domain/credential-word.ts';
import type { Credential, SigningCredential } from '../../policy/egress-rule.ts';
import type { Credentials as Secrets } from '../../ports/credentials.ts';
import { type Finding, fault, note, ok } from '../check.ts';

/** The App's identity; its fields as `src/config.ts` has them. */
export interface Credentials {
  readonly appId: number;
  readonly privateKey: string;
  readonly webhookSecret: string;
}

/** GitHub makes keys of 2048 bits. */
const leastKeyBits = 2048;
/** Sixteen random bytes have as much; fewer can be guessed offline from one signed delivery. */
const leastSecretBits = 80;

/** Are there credentials, and is the key one? Says nothing of what is in them. */
export function judgeApp(app: Credentials | null): Finding {
  if (app === null)
    return note(
      'no App is configured: reviews of local repositories work, GitHub does not',
      'Set APP_ID, WEBHOOK_SECRET and PRIVATE_KEY or PRIVATE_KEY_PATH.',
    );
  const mend = 'Download the key of the App again: a PEM file of an RSA key.';
  try {
    const { asymmetricKeyType: type, asymmetricKeyDetails } = createPrivateKey(app.privateKey);
    const bits = asymmetricKeyDetails?.modulusLength ?? 0;
    if (type !== 'rsa' || bits < leastKeyBits)
      return fault(`the key is ${type} of ${bits} bits`, mend);
    return ok(`App ${app.appId}, with an RSA key of ${bits} bits`);
  } catch {
    // OpenSSL's reason may quote the key.
    return fault('the private key is no key', mend);
  }
}

/** Is the secret one that nobody guesses? */
export function judgeSecret(app: Credentials | null): Finding {
  if (app === null) return ok('there is no App to have one');
  const bits = guessBits(app.webhookSecret);
  return bits >= leastSecretBits
    ? ok('long and mixed enough')
    : fault(
        'the webhook secret can be guessed: too short, or too much of the same',
        'Make one with `openssl rand -hex 32` and set it on both sides.',
      );
}

/** Shannon's measure over its characters, times its length: an upper bound of what it is worth, in bits. */
export function guessBits(secret: string): number {
  const counts = new Map<string, number>();
  for (const character of secret) counts.set(character, (counts.get(character) ?? 0) + 1);
  const { length } = Array.from(secret);
  const each = [...counts.values()].map((count) => (count / length) * Math.log2(length / count));
  return each.reduce((sum, bits) => sum + bits, 0) * length;
}

/** A credential as rules and routes name it. */
export type NamedCredential = Pick<Credential | SigningCredential, 'name' | 'header'>;

const sources =
  'SALLYPORT_CREDENTIAL_NAME, SALLYPORT_CREDENTIALS_FILE or SALLYPORT_CREDENTIALS_COMMAND';

/**
 * Can every secret be had that the policy's rules and routes name, and be used as they say? Says names, and nothing of
 * what is behind them.
 */
export async function judgeSecrets(
  named: readonly NamedCredential[],
  secrets: Secrets,
): Promise<Finding> {
  const faults = new Set<string>();
  for (const credential of named) {
    const said = faultIn(credential, await secretOf(credential.name, secrets));
    if (said !== undefined) faults.add(said);
  }
  if (faults.size > 0) return fault([...faults].join('; '), `Set ${sources}.`);
  const names = new Set(named.map(({ name }) => name));
  return ok(names.size === 0 ? 'the policy names none' : `${names.size} can be had`);
}

async function secretOf(name: string, secrets: Secrets): Promise<string | undefined> {
  try {
    return await secrets.get(name)?.();
  } catch {
    // The reason may quote what it stumbled over.
    return undefined;
  }
}

function faultIn(
  { name, header }: NamedCredential,
  secret: string | undefined,
): string | undefined {
  if (!CredentialWord.safeParse(secret).success)
    return `no secret for ${name}, which the policy names`;
  return header === 'authorization-sigv4' && readAwsKey(secret ?? '') === undefined
    ? `what is behind ${name} is no AWS key in JSON, as ${header} needs`
    : undefined;
}
