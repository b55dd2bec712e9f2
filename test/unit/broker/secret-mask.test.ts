import { describe, expect, test } from 'vitest';
import { masked, maskText } from '../../../src/broker/secret-mask.ts';

const secret = 'sk-aab-0123456789';
const stars = '*'.repeat(secret.length);

async function pieces(...texts: readonly string[]): Promise<readonly string[]> {
  const body = (async function* () {
    for (const text of texts) yield Buffer.from(text);
  })();
  const shown: string[] = [];
  for await (const piece of masked(body, secret)) shown.push(piece.toString());
  return shown;
}

describe('a secret in the body of an answer', () => {
  test('is covered wherever the body is cut', async () => {
    const body = `key ${secret}${secret}, again ${secret}`;
    for (let at = 0; at <= body.length; at += 1)
      expect((await pieces(body.slice(0, at), body.slice(at))).join('')).toBe(
        `key ${stars}${stars}, again ${stars}`,
      );
    expect((await pieces(...Array.from(body))).join('')).toBe(
      `key ${stars}${stars}, again ${stars}`,
    );
  });

  test('holds nothing up that cannot be its beginning', async () => {
    expect(await pieces('data: a\n\n', 'sk-aa', 'sk-aab', '-01', ' end s')).toEqual([
      'data: a\n\n',
      'sk-aa',
      'sk-aab-01 end ',
      's',
    ]);
  });

  test('is covered in a text, which is as long as before', () => {
    expect(maskText(`a${secret}b`, secret)).toBe(`a${stars}b`);
  });
});
