import { expect, test } from 'vitest';
import { secretWords } from '../../../src/dispatch/secret-words.ts';
import type { SecretProvider } from '../../../src/ports/credentials.ts';

test('secrets are looked for whole, and those in JSON by their long parts too', async () => {
  const aws = '{"Version":1,"AccessKeyId":"AKIA","SecretAccessKey":"0123456789abcdef"}';
  const credentials = new Map<string, SecretProvider>([
    ['plain', () => 'sk-1'],
    ['aws', async () => aws],
    ['odd', () => '{not json, and long enough'],
  ]);
  expect(await secretWords(credentials)).toEqual([
    'sk-1',
    aws,
    '0123456789abcdef',
    '{not json, and long enough',
  ]);
});

test('a secret that cannot be read is told of', async () => {
  const credentials = new Map<string, SecretProvider>([
    ['lost', () => Promise.reject(new Error('no file'))],
  ]);
  await expect(secretWords(credentials)).rejects.toThrow('no file');
});
