import { describe, expect, test } from 'vitest';
import { matchRequest, matchTunnel } from '../../../src/broker/match-rule.ts';
import { EgressRule } from '../../../src/policy/egress-rule.ts';

const rules = [
  { id: 'exact', host: 'a.example', methods: ['GET'], paths: ['/docs/**'] },
  { id: 'second', host: 'a.example', methods: ['GET', 'POST'], paths: ['/**'] },
  { id: 'below', host: '*.b.example', port: 8080, methods: ['GET'], paths: ['/**'] },
  { id: 'secure', host: 'c.example', port: 443, tls: true, methods: ['GET'], paths: ['/**'] },
  { id: 'scoped', host: 'd.example', methods: ['GET'], paths: ['/*/*'], encodedSlash: true },
  { id: 'tunnel', host: 'a.example', methods: ['CONNECT'] },
].map((rule) => EgressRule.parse(rule));

function request(url: string, method = 'GET', hasEncodedSlash = false) {
  const { hostname: host, port, pathname: match } = new URL(url);
  const path = { match, hasEncodedSlash };
  const result = matchRequest(rules, { host, port: Number(port || 80), method, path });
  return result.ok ? result.rule.id : result.reason;
}

function tunnel(host: string, port: number) {
  const result = matchTunnel(rules, { host, port, method: 'CONNECT', path: null });
  return result.ok ? result.rule.id : result.reason;
}

describe('a request', () => {
  test.each([
    ['http://a.example/docs/x', 'exact'],
    ['http://a.example/other', 'second'],
    ['http://x.b.example:8080/', 'below'],
    ['http://x.y.b.example:8080/', 'below'],
    ['http://c.example/', 'secure'],
    ['http://c.example:443/', 'secure'],
  ])('goes by the first rule that takes it: %s', (url, id) => {
    expect(request(url)).toBe(id);
  });

  test.each([
    ['http://b.example:8080/', 'GET', 'no-rule'],
    ['http://xb.example:8080/', 'GET', 'no-rule'],
    ['http://b.example.evil.example:8080/', 'GET', 'no-rule'],
    ['http://a.example.evil.example/', 'GET', 'no-rule'],
    ['http://xa.example/', 'GET', 'no-rule'],
    ['http://a.example:8080/', 'GET', 'no-rule-for-port'],
    ['http://a.example:443/', 'GET', 'no-rule-for-port'],
    ['http://c.example:8443/', 'GET', 'no-rule-for-port'],
    ['http://a.example/', 'DELETE', 'no-rule-for-method'],
    ['http://a.example/', 'get', 'no-rule-for-method'],
    ['http://a.example/', 'CONNECT', 'no-rule-for-method'],
    ['http://d.example/a/b/c', 'GET', 'no-rule-for-path'],
  ])('is denied by default: %s by %s', (url, method, reason) => {
    expect(request(url, method)).toBe(reason);
  });

  test('with an encoded slash needs a rule that says so', () => {
    expect(request('http://a.example/docs/x', 'GET', true)).toBe('no-rule-for-path');
    expect(request('http://d.example/@types/node', 'GET', true)).toBe('scoped');
  });
});

describe('a tunnel', () => {
  test.each([
    ['a.example', 443, 'tunnel'],
    ['a.example', 80, 'no-rule-for-port'],
    ['c.example', 443, 'no-rule'],
    ['x.a.example', 443, 'no-rule'],
  ])('%s:%i', (host, port, verdict) => {
    expect(tunnel(host, port)).toBe(verdict);
  });
});

describe('a rule', () => {
  const plain = { id: 'r', host: 'a.example', methods: ['GET'], paths: ['/'] };
  test.each<[string, object]>([
    ['no id', { id: undefined }],
    ['an id that is none', { id: 'A rule' }],
    ['an address', { host: '127.0.0.1' }],
    ['a host in capitals', { host: 'A.example' }],
    ['a host with a dot at its end', { host: 'a.example.' }],
    ['every host', { host: '*' }],
    ['every host of a top-level domain', { host: '*.example' }],
    ['a wildcard within a label', { host: 'a*.b.example' }],
    ['no method', { methods: [] }],
    ['an unknown method', { methods: ['TRACE'] }],
    ['CONNECT with paths, which nobody could see', { methods: ['CONNECT'] }],
    ['no path', { paths: undefined }],
    ['an unknown word', { path: '/' }],
    ['a port that is none', { port: 0 }],
    ['a credential in the clear', { credential: { name: 'k', header: 'x-api-key' } }],
  ])('is refused with %s', (_, change) => {
    expect(EgressRule.safeParse(plain).success).toBe(true);
    expect(EgressRule.safeParse({ ...plain, ...change }).success).toBe(false);
  });
});
