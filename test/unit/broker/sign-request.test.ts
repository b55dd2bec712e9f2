import { describe, expect, test } from 'vitest';
import { readAwsKey, signRequest } from '../../../src/broker/sign-request.ts';
import { type SignedRequest, whyUnsigned } from '../../support/broker/aws-signature.ts';

const nowMs = Date.parse('2015-08-30T12:36:00Z');
const date = '20150830T123600Z';
const key = {
  AccessKeyId: 'AKIDEXAMPLEKEYID',
  SecretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
};
const credential = {
  name: 'bedrock',
  header: 'authorization-sigv4',
  region: 'us-east-1',
  service: 'bedrock-mantle',
} as const;
const trust = {
  secrets: { [key.AccessKeyId]: key.SecretAccessKey },
  scope: 'us-east-1/bedrock-mantle',
  nowMs,
};
const plain = {
  method: 'POST',
  path: '/anthropic/v1/messages?beta=true',
  host: 'bedrock-mantle.us-east-1.api.aws',
  headers: { 'content-type': 'application/json', 'user-agent': 'agent/1' },
  body: Buffer.from('{"model":"m-1"}'),
};

/** What an upstream gets of a request that was signed. */
async function sent(request: Partial<typeof plain> = {}): Promise<SignedRequest> {
  const { method, path, host, headers, body } = { ...plain, ...request };
  const signature = await signRequest(
    { method, path, host, headers, body },
    { key, credential, nowMs },
  );
  return { method, url: path, headers: { ...headers, host, ...signature }, body: String(body) };
}

describe("the test's own reading of Signature Version 4", () => {
  // Signatures of AWS's published test suite (aws-sig-v4-test-suite): get-vanilla, post-vanilla.
  test.each([
    ['GET', '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
    ['POST', '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'],
  ])('takes what AWS publishes for %s', (method, signature) => {
    const claim = `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=${signature}`;
    const headers = { authorization: claim, host: 'example.amazonaws.com', 'x-amz-date': date };
    const secrets = { AKIDEXAMPLE: key.SecretAccessKey };
    const about = { secrets, scope: 'us-east-1/service', nowMs };
    expect(whyUnsigned({ method, url: '/', headers, body: '' }, about)).toBeUndefined();
    expect(whyUnsigned({ method, url: '/x', headers, body: '' }, about)).toBe('wrong');
  });
});

describe('a signature', () => {
  test.each([
    ['with a query', {}],
    ['without one', { path: '/openai/v1/responses' }],
    ['with a port', { host: 'upstream.example:8443' }],
    ['with an escape in the path', { path: '/model/us.anthropic.m-1%3A0/invoke' }],
    ['of no bytes', { body: Buffer.alloc(0) }],
    ['of a part of a larger buffer', { body: Buffer.from('--{"ä":1}--').subarray(2, -2) }],
  ])('holds for a request %s', async (_, request) => {
    expect(whyUnsigned(await sent(request), trust)).toBeUndefined();
  });

  test.each<[string, Partial<SignedRequest>]>([
    ['body', { body: '{"model":"m-2"}' }],
    ['path', { url: '/anthropic/v1/other?beta=true' }],
    ['query', { url: '/anthropic/v1/messages' }],
    ['method', { method: 'PUT' }],
  ])('holds for no other %s', async (_, change) => {
    expect(whyUnsigned({ ...(await sent()), ...change }, trust)).toBeDefined();
  });

  test('leaves the headers of the agent out', async () => {
    const { headers } = await sent();
    expect(headers['authorization']).toContain('SignedHeaders=content-type;host;x-amz-content');
    expect(headers['authorization']).not.toContain('user-agent');
  });
});

describe('an AWS key', () => {
  test('is what credential_process prints, on one line', () => {
    const told = { Version: 1, ...key, SessionToken: 'token', Expiration: '2026-01-01T00:00:00Z' };
    expect(readAwsKey(JSON.stringify(told))).toEqual({ ...key, SessionToken: 'token' });
  });

  test.each([
    ['a word', 'sk-ant-1'],
    ['half a key', JSON.stringify({ AccessKeyId: key.AccessKeyId })],
    ['an empty secret', JSON.stringify({ ...key, SecretAccessKey: '' })],
    ['null', 'null'],
  ])('is not %s', (_, secret) => {
    expect(readAwsKey(secret)).toBeUndefined();
  });
});
