import { expect, it } from 'vitest';
import { givenSecrets } from '../../../src/dispatch/given-secrets.ts';
import { LeakGuard } from '../../../src/dispatch/leak-guard.ts';

it('makes known what was given, a secret that was changed after the start included', async () => {
  const source = new Map<string, () => string>([['a', () => 'the-old-secret']]);
  const guard = new LeakGuard();
  const credentials = givenSecrets(source, (secret) => guard.know([secret]));
  source.set('a', () => 'the-new-secret');
  const printed = { type: 'log', text: 'it is the-new-secret' };
  expect(() => guard.checkEvent(printed)).not.toThrow();
  expect(await credentials.get('a')?.()).toBe('the-new-secret');
  expect(() => guard.checkEvent(printed)).toThrow('own-secret');
  expect(credentials.get('b')).toBeUndefined();
  expect([...credentials.values()].map((secret) => secret())).toEqual(['the-new-secret']);
});
