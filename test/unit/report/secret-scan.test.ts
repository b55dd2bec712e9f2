import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { secretRules } from '../../../src/report/secret-rules.ts';
import { addedText, canaryScan, findSecret, hasCanary } from '../../../src/report/secret-scan.ts';

/** A letter as a URL may spell it. */
function percent(letter: string): string {
  return `%${letter.charCodeAt(0).toString(16).toUpperCase()}`;
}

const nothing = { canary: null, own: [] };
/** Letters and digits without a pattern; tokens are put together here, so that no scanner finds one in this file. */
const noise = 'q7Zr2KdW9xLm4Tb8Vc1Nf6Hj3Gs5Py0RkEaUoQiXwMzJtBvDhSlCpYnFgAe';
const of = (length: number) => noise.repeat(60).slice(0, length);
const upper = noise.toUpperCase().replace(/[^A-Z2-7]/g, '');
const jwt = `eyJ${of(33)}.eyJ${of(60)}.${of(43)}`;

describe('a secret', () => {
  it.each([
    ['github-token', `ghp_${of(36)}`],
    ['github-token', `gho_${of(36)}`],
    ['github-token', `ghu_${of(36)}`],
    ['github-token', `ghs_${of(36)}`],
    ['github-token', `ghr_${of(76)}`],
    ['github-installation-token', `ghs_123456_${jwt}`],
    ['github-fine-grained-token', `github_pat_${of(22)}_${of(59)}`],
    ['aws-access-key', `AKIA${upper.slice(0, 16)}`],
    ['aws-access-key', `ASIA${upper.slice(2, 18)}`],
    ['gcp-api-key', `AIza${of(35)}`],
    ['gcp-oauth-secret', `GOCSPX-${of(28)}`],
    ['slack-token', `xoxb-1234567890-1234567890123-${of(24)}`],
    ['slack-app-token', `xapp-1-A1B2C3D4E5F-1234567890123-${'0123456789abcdef'.repeat(4)}`],
    ['slack-webhook', `https://hooks.slack.com/services/T12345678/B12345678/${of(24)}`],
    ['stripe-key', `sk_live_${of(24)}`],
    ['stripe-key', `rk_test_${of(99)}`],
    ['stripe-webhook-secret', `whsec_${of(32)}`],
    ['npm-token', `npm_${of(36)}`],
    ['pypi-token', `pypi-AgEIcHlwaS5vcmc${of(60)}`],
    ['anthropic-key', `sk-ant-api03-${of(93)}AA`],
    ['openai-key', `sk-proj-${of(60)}T3BlbkFJ${of(60)}`],
    ['openai-key', `sk-${of(20)}T3BlbkFJ${of(20)}`],
    ['jwt', jwt],
    ['private-key', ['-----BEGIN RSA', 'PRIVATE KEY-----'].join(' ')],
    ['private-key', ['-----BEGIN PGP', 'PRIVATE KEY BLOCK-----'].join(' ')],
  ])('by rule %s is found, wherever it stands', (rule, secret) => {
    expect(findSecret(secret, nothing)).toBe(rule);
    expect(findSecret(`const a = "${secret}";\n`, nothing)).toBe(rule);
    expect(findSecret(`https://x:${secret}@example.com/ `, nothing)).toBe(rule);
    expect(findSecret(`ghp_${'x'.repeat(36)} ${secret}`, nothing)).toBe(rule);
  });

  it('has an example here for each rule', () => {
    const ids = secretRules.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toHaveLength(17);
  });
});

describe('what is no secret', () => {
  it.each([
    ['a lockfile’s integrity', `"integrity": "sha512-${of(86)}=="`],
    ['a UUID', '72d3162e-cc78-11e3-81ab-4c9367dc0958'],
    ['a commit', 'a94a8fe5ccb19ba61c4c0873d391e987982fbbd3'],
    ['a digest', `sha256:${'0123456789abcdef'.repeat(4)}`],
    [
      'minified code',
      'var e=t.sk_live||n.AKIA,r=ghp_(o),i=function(){return npm_config_x};'.repeat(50),
    ],
    ['a public key', '-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhki'],
    ['a certificate', '-----BEGIN CERTIFICATE-----'],
    ['a placeholder', `ghp_${'x'.repeat(36)} npm_${'0'.repeat(36)} sk_test_${'1234'.repeat(6)}`],
    ['Amazon’s example', ['AKIA', 'IOSFODNN7EXAMPLE'].join('')],
    ['another example', ['AKIA', 'Q2W3E4R5TEXAMPLE'].join('')],
    ['Stripe’s example', ['sk_test', '4eC39HqLyjWDarjtT1zdp7dc'].join('_')],
    ['a token that is too short', `ghp_${of(35)}`],
    ['a word that only starts like one', `xghp_${of(36)}`],
    ['an identifier', 'github_pat_token_for_the_review_of_pull_requests_in_this_place'],
    ['Base64 of an image', `data:image/png;base64,iVBORw0KGgo${of(2_000)}`],
    ['nothing', ''],
  ])('is let through: %s', (_what, text) => {
    expect(findSecret(text, nothing)).toBeUndefined();
  });
});

describe('known secrets', () => {
  const canary = 'dk0123456789abcdef0123456789abcdef01234567';
  const known = { canary, own: ['a webhook secret', 'short', ''] };

  it.each([
    ['plain', canary],
    ['in capitals', canary.toUpperCase()],
    ['in percent signs', Array.from(canary, percent).join('')],
    ['in percent signs, before half a one', `${Array.from(canary, percent).join('')}%4`],
    ['in percent signs of capitals', Array.from(canary.toUpperCase(), percent).join('')],
    [
      'partly in percent signs',
      `%zz%${canary.slice(0, 9)}${percent(canary.slice(9, 10))}${canary.slice(10)}`,
    ],
    ['backwards', Array.from(canary).reverse().join('')],
    ['hexadecimal', Buffer.from(`x${canary}y`).toString('hex')],
    ['base64', Buffer.from(canary).toString('base64')],
    ['base64, one byte on', Buffer.from(`a${canary}b`).toString('base64')],
    ['base64, two bytes on', Buffer.from(`ab${canary}cd`).toString('base64')],
    ['base64 of a line', Buffer.from(`DEPLOY_TOKEN=${canary}\nPATH=/bin\n`).toString('base64url')],
  ])('finds the canary %s', (_how, text) => {
    expect(findSecret(`.. ${text} ..`, known)).toBe('canary');
    expect(findSecret(text.slice(0, text.length / 2), known)).toBeUndefined();
  });

  it('finds the control plane’s own, but not what stands in any text', () => {
    expect(findSecret('it is a webhook secret.', known)).toBe('own-secret');
    expect(findSecret('a short text', known)).toBeUndefined();
  });

  it.each([
    ['plain', canary],
    ['in percent signs', Array.from(canary, percent).join('')],
    ['hexadecimal', Buffer.from(canary).toString('hex')],
    ['base64', Buffer.from(canary).toString('base64')],
  ])('finds the canary %s over the edges of pieces, wherever they are', (_how, text) => {
    const bytes = Buffer.from(`before ${text} after`);
    for (const size of [1, 7, 50, 1_000]) {
      const scan = canaryScan(canary);
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
        bytes.subarray(index * size, (index + 1) * size),
      );
      expect(pieces.map(scan)).toContain(true);
    }
    const scan = canaryScan(canary);
    expect([bytes.subarray(0, 20), bytes.subarray(30)].map(scan)).toEqual([false, false]);
  });

  it('finds the canary in base64 behind whatever stands before it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 50 }), fc.uint8Array({ maxLength: 50 }), (a, b) => {
        const text = Buffer.concat([a, Buffer.from(canary), b]).toString('base64');
        expect(hasCanary(text, canary)).toBe(true);
      }),
    );
  });
});

describe('added text', () => {
  it('is what the lines before do not have', () => {
    expect(addedText('a\nsecret\n', 'secret\nb\na\n')).toBe('b');
    expect(addedText('', 'a\nb')).toBe('a\nb');
  });
});

/** Steps of a regular expression cannot be counted; what takes quadratic time would not end here at all. */
describe('a million hostile characters', () => {
  it.each([
    'ghp_',
    'ghs_1_',
    `ghs_1_${of(10)}.`,
    'github_pat_',
    'AKIA',
    'AIza',
    '-AIza',
    'xoxb-',
    'xoxb-12345678-',
    'hooks.slack.com/services/T',
    'sk_live_',
    'npm_',
    'pypi-AgEIcHlwaS5vcmc',
    'sk-ant-api03-',
    'sk-proj-',
    'sk-',
    'sk-aT3BlbkFJ',
    'eyJ',
    '-eyJ',
    `eyJ${of(20)}.`,
    `eyJ${of(20)}.eyJ${of(20)}`,
    '-----BEGIN ',
    '-----BEGIN A',
    '-',
    ' ',
    'a',
    '\n',
    'a-',
    'whsec_',
    'xapp-1-',
    'GOCSPX-',
  ])('are read: %j, again and again', (unit) => {
    const text = unit.repeat(Math.ceil(1_000_000 / unit.length));
    findSecret(text, { canary: of(40).toLowerCase(), own: ['a webhook secret'] });
    expect(addedText('x', text).length).toBeLessThanOrEqual(text.length);
  });
});
