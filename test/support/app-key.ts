import { generateKeyPairSync } from 'node:crypto';

/** A throw-away App key, made when it is asked for: no key is stored in the repository. */
export function makeAppKey(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return privateKey.export({ type: 'pkcs1', format: 'pem' });
}
