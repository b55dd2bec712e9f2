import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

function sallyport(args: readonly string[], env: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['src/main.ts', ...args], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    encoding: 'utf8',
    timeout: 20_000,
  });
  return { status, stdout, stderr };
}

describe('sallyport', () => {
  it.each(['start', 'serve', 'runner'])('%s refuses to start without an App', (command) => {
    const { status, stderr } = sallyport([command]);
    expect(status).toBe(2);
    expect(stderr).toContain('WEBHOOK_SECRET');
    expect(stderr).toContain('there are no defaults');
  });

  it('refuses the webhook secret that everybody knows', () => {
    const env = { APP_ID: '1', PRIVATE_KEY: 'x', WEBHOOK_SECRET: 'development' };
    const { status, stderr } = sallyport(['start'], env);
    expect(status).toBe(2);
    expect(stderr).toContain('WEBHOOK_SECRET');
  });

  it('refuses an authority of GitHub that is none, and says which variable names it', () => {
    const app = { APP_ID: '1', PRIVATE_KEY: 'x', WEBHOOK_SECRET: 'b2f1c7a09d3e4f5a8c6b7d8e' };
    const { status, stderr } = sallyport(['start'], { ...app, GITHUB_CA_FILE: 'README.md' });
    expect(status).toBe(2);
    expect(stderr).toContain('config.invalid: GITHUB_CA_FILE: the file holds no certificate');
  });

  it.each([
    ['an unknown command', ['frobnicate']],
    ['review without a path', ['review', '--base', 'a', '--head', 'b']],
    ['review without a head', ['review', '.', '--base', 'a']],
    ['an unknown option', ['review', '.', '--base', 'a', '--head', 'b', '--push']],
    ['an unknown format', ['review', '.', '--base', 'a', '--head', 'b', '--format', 'html']],
  ])('says how it is used after %s', (_what, args) => {
    const { status, stdout, stderr } = sallyport(args);
    expect(status).toBe(2);
    expect(stderr).toContain('sallyport review PATH --base REF --head REF');
    expect(stdout).toBe('');
  });

  it('does not take a record that is gone for one that verifies', () => {
    const env = { SALLYPORT_DATA: join(tmpdir(), `no-record-${process.pid}`) };
    const { status, stdout, stderr } = sallyport(['ledger', 'verify'], env);
    expect(status).toBe(2);
    expect(stderr).toContain('there is no record');
    expect(stdout).toBe('');
    expect(existsSync(env.SALLYPORT_DATA)).toBe(false);
  });

  it('checks a policy, and ends with the code that says what was found', () => {
    const operator = ['--operator', 'test/fixtures/policy/operator.yml'];
    const loose = ['test/fixtures/policy/loose.yml', '--layer', 'repository'];
    const { status, stdout, stderr } = sallyport(['policy', 'check', ...loose, ...operator]);
    expect([status, stderr]).toEqual([1, '']);
    expect(stdout).toContain('1024 is more than 512');
    expect(sallyport(['policy', 'check', 'gone/sallyport.yml', ...operator]).status).toBe(2);
  });

  it('prints its usage when asked', () => {
    const { status, stdout } = sallyport(['--help']);
    expect(status).toBe(0);
    expect(stdout).toContain('sallyport ledger verify');
  });
});
