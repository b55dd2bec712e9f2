import { createPrivateKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../src/config.ts';
import { secretsIn } from '../../../src/open-runner.ts';
import { makeAppKey } from '../../support/app-key.ts';

function secrets(privateKey: string): readonly string[] {
  const app = { APP_ID: '7', WEBHOOK_SECRET: 'a webhook secret of ours' };
  return secretsIn(readConfig({ ...app, PRIVATE_KEY: privateKey }));
}

const linesOf = (pem: string) =>
  pem.split('\n').filter((line) => /^[A-Za-z0-9+/=]{32,}$/.test(line));

describe('the secrets of the App', () => {
  it('are those of the webhook and the lines of the key, as it is given and as it signs', () => {
    const key = makeAppKey();
    const signing = createPrivateKey(key).export({ type: 'pkcs8', format: 'pem' });
    const wanted = ['a webhook secret of ours', ...linesOf(key), ...linesOf(signing)];
    expect(wanted.length).toBeGreaterThan(50);
    expect(secrets(key)).toEqual(wanted);
    // One that is given as it signs has its lines once.
    expect(secrets(signing)).toEqual(['a webhook secret of ours', ...linesOf(signing)]);
  });

  it('are the lines of a key that cannot be read, too', () => {
    const line = 'x'.repeat(64);
    expect(secrets(`-----BEGIN KEY-----\n${line}\n-----END KEY-----\n`)).toEqual([
      'a webhook secret of ours',
      line,
    ]);
  });

  it('are none where there is no App', () => {
    expect(secretsIn(readConfig({}))).toEqual([]);
  });
});
