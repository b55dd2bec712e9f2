import { describe, expect, test } from 'vitest';
import {
  readAbsoluteForm,
  readConnectTarget,
  readModelPath,
} from '../../../../workers/supervisor/proxy/read-target.ts';

describe('the control plane', () => {
  test.each([
    'sallyport.internal',
    'sallyport.internal:80',
    'sallyport.internal:0',
    'SALLYPORT.Internal',
    'sallyport.internal.',
    'sallyport.internal..:80',
  ])('cannot be asked for as %s', (authority) => {
    const refused = { ok: false, status: 403, reason: 'control-plane' };
    expect(readAbsoluteForm(`http://${authority}/v1/input`)).toEqual(refused);
    expect(readConnectTarget(authority.includes(':') ? authority : `${authority}:443`)).toEqual(
      refused,
    );
  });

  test.each([
    'http://sallyport.internal@evil.example/v1/input',
    'http://evil.example:80@sallyport.internal/v1/result',
    'http://sallyport%2einternal/v1/input',
    'http://sallyport.internal\\@x/v1/input',
    'http://sallyport.internal:80:80/v1/input',
    'http://sallyport。internal/v1/input',
    'http:///v1/input',
    'http://[sallyport.internal]/v1/input',
    '//sallyport.internal/v1/input',
    '/v1/input',
    '*',
    '',
    'https://sallyport.internal/v1/input',
  ])('cannot be asked for in disguise: %s', (url) => {
    expect(readAbsoluteForm(url).ok).toBe(false);
  });

  test.each(['/../v1/input', '/sallyport.internal/v1/input', '//v1/input', '/v1/input', '/A/v1/x'])(
    'cannot be asked for as a model: %s',
    (url) => {
      expect(readModelPath(url)).toMatchObject({ ok: false, status: 400 });
    },
  );
});

describe('what may be asked for always has a port, which the control plane never has', () => {
  test.each([
    ['http://a.example', 'a.example:80', '/'],
    ['HTTP://a.example/x?y=1', 'a.example:80', '/x?y=1'],
    ['http://a.example?y', 'a.example:80', '/?y'],
    ['http://A.example:8080/', 'A.example:8080', '/'],
    // Not the proxy's to judge: the broker denies it, and the ledger has it.
    ['http://169.254.169.254/latest', '169.254.169.254:80', '/latest'],
    ['http://[::1]/', '[::1]:80', '/'],
  ])('%s', (url, authority, path) => {
    expect(readAbsoluteForm(url)).toEqual({ ok: true, authority, path });
  });

  test('a tunnel names it, or is refused', () => {
    expect(readConnectTarget('a.example:443')).toMatchObject({ authority: 'a.example:443' });
    expect(readConnectTarget('a.example')).toMatchObject({ ok: false, reason: 'no-port' });
    expect(readConnectTarget('a.example:')).toMatchObject({ ok: false, reason: 'no-port' });
  });

  test('a model gets it from its route', () => {
    expect(readModelPath('/claude/v1/messages?beta=true')).toEqual({
      ok: true,
      authority: 'claude.model.sallyport.internal:80',
      path: '/v1/messages?beta=true',
    });
  });
});
