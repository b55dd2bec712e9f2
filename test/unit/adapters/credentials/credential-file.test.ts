import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openCredentialFile } from '../../../../src/adapters/credentials/credential-file.ts';
import { hasCode } from '../../../../src/errors.ts';
import { FakeClock } from '../../../support/fakes/fake-clock.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'credentials-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(text: string, mode = 0o600): string {
  const file = join(folder, 'credentials');
  writeFileSync(file, text);
  chmodSync(file, mode);
  return file;
}

const open = (path: string, clock = new FakeClock()) => openCredentialFile(path, clock);
const secretsOf = (credentials: ReturnType<typeof open>) =>
  [...credentials.values()].map((secret) => secret());

function faultOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (hasCode(error, 'config.invalid')) return `${error.message} ${String(error.cause)}`;
    throw error;
  }
  return 'no fault';
}

describe('a file of credentials', () => {
  it.each([
    ['YAML', 'anthropic: secret-1 # mine\nlocal-2: secret-2\n'],
    ['JSON', '{"anthropic": "secret-1", "local-2": "secret-2"}'],
  ])('gives the secrets of %s by name', (_, text) => {
    const credentials = open(write(text));
    expect(['anthropic', 'local-2'].map((name) => credentials.get(name)?.())).toEqual([
      'secret-1',
      'secret-2',
    ]);
    expect(secretsOf(credentials)).toEqual(['secret-1', 'secret-2']);
    expect(credentials.get('other')).toBeUndefined();
  });

  it('is read again for each use, so that a new secret counts at once', () => {
    const credentials = open(write('a: old-secret'));
    write('a: new-secret');
    const secret = credentials.get('a');
    expect(secret?.()).toBe('new-secret');
    write('b: other-secret');
    expect(faultOf(() => secret?.())).toContain('no "a"');
    expect(credentials.get('a')).toBeUndefined();
    expect(credentials.get('b')?.()).toBe('other-secret');
    expect(credentials.get('constructor')).toBeUndefined();
    write('a: new-secret', 0o644);
    expect(faultOf(() => credentials.get('a')?.())).toContain('chmod 600');
  });

  it('is looked for with what it had within a day', async () => {
    const clock = new FakeClock();
    const credentials = open(write('a: old-secret\nb: other-secret'), clock);
    write('a: new-secret');
    expect(secretsOf(credentials)).toEqual(['old-secret', 'new-secret', 'other-secret']);
    await clock.advance(86_400_001);
    expect(secretsOf(credentials)).toEqual(['new-secret']);
  });

  it.each([
    ['nothing', ''],
    ['the half of it', 'a: "the-sec'],
    ['what has no secret in it', 'a: *the-secret'],
  ])('is what it was for five minutes while there is %s in it', async (_, text) => {
    const clock = new FakeClock();
    const credentials = open(write('a: the-secret'), clock);
    write(text);
    await clock.advance(299_999);
    expect(credentials.get('a')?.()).toBe('the-secret');
    expect(secretsOf(credentials)).toEqual(['the-secret']);
    await clock.advance(1);
    expect(faultOf(() => credentials.get('a'))).toContain('SALLYPORT_CREDENTIALS_FILE');
    expect(faultOf(() => credentials.values())).toContain('SALLYPORT_CREDENTIALS_FILE');
    write('a: new-secret');
    expect(credentials.get('a')?.()).toBe('new-secret');
  });

  it.each([0o640, 0o604, 0o620, 0o602, 0o644])('is refused with mode %o', (mode) => {
    expect(faultOf(() => open(write('a: the-secret', mode)))).toContain('chmod 600');
  });

  it.each([
    ['no mapping', '- sesame'],
    ['a name that no rule can have', 'A_NAME: sesame-sesame'],
    ['a secret that is a number', 'a: 123456789\nb: sesame-sesame'],
    ['a secret of two lines', 'a: "sesame\\r\\nx: y"'],
    ['a secret too short to be looked for', 'a: sesame'],
    ['a name twice', 'a: sesame-sesame\na: sesame-sesame'],
    ['broken YAML', 'a: [sesame'],
    ['an alias', 'a: *sesame'],
    ['nothing', ''],
  ])('is refused with %s, and not quoted', (_, text) => {
    const fault = faultOf(() => open(write(text)));
    expect(fault).toContain('SALLYPORT_CREDENTIALS_FILE');
    expect(fault).not.toContain('sesame');
  });

  it('is refused when it is not there, or no file', () => {
    expect(faultOf(() => open(join(folder, 'none')))).toContain('cannot be read');
    expect(faultOf(() => open(folder))).toContain('regular file');
  });
});
