import { describe, expect, it } from 'vitest';
import { gitEnvironment, toleratedFsckMessages } from '../../../src/adapters/git/environment.ts';
import { gitFailure } from '../../../src/adapters/git/failure.ts';
import { authorization, checkedOrigin } from '../../../src/adapters/git/location.ts';

const token = (): Promise<string> => Promise.resolve('secret');

describe('checkedOrigin', () => {
  it.each([
    ['https://github.com/o/n.git', token, 'http'],
    ['https://github.com/o/n.git', null, 'http'],
    ['http://127.0.0.1:8080/o/n.git', token, 'http'],
    ['http://[::1]:8080/o/n.git', token, 'http'],
    ['/srv/repositories/x', null, 'file'],
    ['/srv/-x', null, 'file'],
  ])('accepts %s', (url, ofToken, transport) => {
    expect(checkedOrigin({ mirrorKey: '1', url, token: ofToken })).toEqual({ url, transport });
  });

  it.each([
    ['ssh://git@github.com/o/n.git', null],
    ['git@github.com:o/n.git', null],
    ['ext::sh -c touch% /pwned', null],
    ['file:///srv/x', null],
    ['git://198.51.100.1/o/n.git', null],
    ['--upload-pack=touch /pwned', null],
    ['relative/path', null],
    ['', null],
    ['https://user:password@github.com/o/n.git', null],
    ['https://github.com/o/n.git?x=1', null],
    ['https://github.com/o/n.git#x', null],
    ['http://192.0.2.1/o/n.git', token],
    ['http://127.0.0.1.example.org/o/n.git', token],
    ['/srv/x', token],
    ['/srv/../etc', null],
    ['/srv/x\n[include]', null],
    ['/srv/x\0', null],
  ])('refuses %j', (url, ofToken) => {
    expect(() => checkedOrigin({ mirrorKey: '1', url, token: ofToken })).toThrow(/^(?:the|a) /);
  });
});

describe('authorization', () => {
  it('goes to the one URL it is for', () => {
    const basic = Buffer.from('x-access-token:secret').toString('base64');
    expect(authorization('https://github.com/o/n.git', 'secret')).toEqual([
      ['http.https://github.com/o/n.git.extraHeader', `Authorization: Basic ${basic}`],
    ]);
  });
});

describe('gitEnvironment', () => {
  it('inherits nothing', () => {
    process.env['GIT_TRACE_CURL'] = '1';
    const names = Object.keys(gitEnvironment('http'));
    delete process.env['GIT_TRACE_CURL'];
    const kept = names.filter((name) => !/^GIT_CONFIG_(?:KEY|VALUE)_\d+$/.test(name)).sort();
    expect(kept).toEqual([
      'GIT_ALLOW_PROTOCOL',
      'GIT_ASKPASS',
      'GIT_ATTR_NOSYSTEM',
      'GIT_CONFIG_COUNT',
      'GIT_CONFIG_GLOBAL',
      'GIT_CONFIG_NOSYSTEM',
      'GIT_NO_LAZY_FETCH',
      'GIT_NO_REPLACE_OBJECTS',
      'GIT_OPTIONAL_LOCKS',
      'GIT_TERMINAL_PROMPT',
      'HOME',
      'LC_ALL',
      'PATH',
      'SSH_ASKPASS',
      'TZ',
    ]);
  });

  it.each([
    ['none', 'none'],
    ['http', 'http:https'],
    ['file', 'file'],
  ] as const)('allows for %s the protocols %s and no others', (transport, names) => {
    expect(gitEnvironment(transport)['GIT_ALLOW_PROTOCOL']).toBe(names);
  });

  it('counts its configuration, extra entries last', () => {
    const environment = gitEnvironment('none', [['a.b', 'c']]);
    const last = Number(environment['GIT_CONFIG_COUNT']) - 1;
    expect(environment[`GIT_CONFIG_KEY_${String(last)}`]).toBe('a.b');
    expect(environment[`GIT_CONFIG_KEY_${String(last + 1)}`]).toBeUndefined();
  });

  it('tolerates no fsck message about a path, a link or a submodule', () => {
    const dangerous = /dot|git|path|name$|duplicate|sorted|null|symlink|url|large/i;
    expect(toleratedFsckMessages.filter((message) => dangerous.test(message))).toEqual([]);
  });
});

describe('gitFailure', () => {
  const tree = 'a'.repeat(40);

  it.each([
    [
      'fatal: remote error: upload-pack: not our ref 1',
      'git.missing-commit',
      /does not have the commit/,
    ],
    [`error: object ${tree}: hasDotgit: contains '.git'`, 'git.failed', /\(hasDotgit in a{40}\)$/],
    ['fatal: detected dubious ownership in repository', 'git.failed', /another user/],
    [
      "fatal: unable to access 'http://x/': Could not resolve host: x",
      'git.failed',
      /not be reached/,
    ],
    ["fatal: transport 'ssh' not allowed", 'git.failed', /transport is not allowed/],
    ['something else: secret', 'git.failed', /^git fetch ended with exit code 128$/],
  ] as const)('classifies %j without repeating it', (stderr, code, message) => {
    const error = gitFailure('fetch', { exitCode: 128, stderr });
    expect(error).toMatchObject({ code });
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain(stderr);
    expect(error.cause).toBeUndefined();
  });

  it('says when git was killed', () => {
    expect(gitFailure('fetch', { exitCode: null, stderr: '' }).message).toBe(
      'git fetch was killed',
    );
  });
});
