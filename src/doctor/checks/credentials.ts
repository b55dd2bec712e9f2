import { createPrivateKey } from 'node:crypto';
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

/** Can every secret be had that the policy's rules and routes name? Says names, and nothing of what is behind them. */
export async function judgeSecrets(names: readonly string[], secrets: Secrets): Promise<Finding> {
  const missing: string[] = [];
  for (const name of new Set(names)) {
    try {
      if ((await secrets.get(name)?.()) === undefined) missing.push(name);
    } catch {
      // The reason may quote what it stumbled over.
      missing.push(name);
    }
  }
  if (missing.length > 0)
    return fault(
      `no secret for ${missing.join(', ')}, which the policy names`,
      'Set SALLYPORT_CREDENTIAL_NAME, SALLYPORT_CREDENTIALS_FILE or SALLYPORT_CREDENTIALS_COMMAND.',
    );
  return ok(names.length === 0 ? 'the policy names none' : `${new Set(names).size} can be had`);
}
