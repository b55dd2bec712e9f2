import { describe, expect, test } from 'vitest';
import { readRequestHeaders, withoutCredentials } from '../../../src/broker/request-headers.ts';

const read = (headers: Record<string, string | string[]>) =>
  readRequestHeaders(headers, 'a.example', 1_000);

describe('the headers of a request', () => {
  test('go on without what is for the next hop', () => {
    const headers = {
      ':path': '/',
      accept: '*/*',
      'content-length': '5',
      host: 'A.example',
      connection: 'x',
      te: 'trailers',
      expect: '100-continue',
      'proxy-authorization': 'x',
      'x-forwarded-host': 'x',
      via: 'x',
    };
    const sent = { accept: '*/*', 'content-length': '5' };
    expect(read(headers)).toMatchObject({ ok: true, headers: sent });
  });

  test.each<[string, Record<string, string | string[]>, string]>([
    ['chunks', { 'transfer-encoding': 'chunked' }, 'header-framing'],
    ['chunks and a length', { 'content-length': '5', 'transfer-encoding': 'x' }, 'header-framing'],
    ['two lengths', { 'content-length': ['5', '6'] }, 'header-framing'],
    ['two lengths in one', { 'content-length': '5, 5' }, 'header-framing'],
    ['a signed length', { 'content-length': '+5' }, 'header-framing'],
    ['a length in hexadecimal', { 'content-length': '0x5' }, 'header-framing'],
    ['a length with zeros', { 'content-length': '05' }, 'header-framing'],
    ['an upgrade', { upgrade: 'websocket' }, 'header-upgrade'],
    ['another host', { host: 'b.example' }, 'header-host'],
    ['another expectation', { expect: 'x' }, 'header-malformed'],
    ['a line feed', { x: 'a\nb: c' }, 'header-malformed'],
    ['a carriage return', { x: 'a\rb' }, 'header-malformed'],
    ['NUL', { x: 'a\0' }, 'header-malformed'],
    ['bytes beyond ASCII', { x: 'ü' }, 'header-malformed'],
    ['a name with a space', { 'a b': 'x' }, 'header-malformed'],
    ['a name with a colon', { 'a:b': 'x' }, 'header-malformed'],
    ['too many bytes', { x: 'a'.repeat(1_000) }, 'header-bytes'],
  ])('are refused with %s', (_, headers, reason) => {
    expect(read(headers)).toEqual({ ok: false, reason });
  });

  test('lose every credential where one is injected', () => {
    const names = ['authorization', 'x-api-key', 'api-key', 'x-goog-api-key', 'cookie'];
    const headers = Object.fromEntries([...names, 'accept'].map((name) => [name, 'x']));
    expect(withoutCredentials(headers)).toEqual({ accept: 'x' });
  });
});
