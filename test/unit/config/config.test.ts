import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfig, requireApp } from '../../../src/config.ts';
import { SallyportError } from '../../../src/errors.ts';

const secret = 'b2f1c7a09d3e4f5a8c6b7d8e';
const app = { APP_ID: '12', PRIVATE_KEY: 'pem', WEBHOOK_SECRET: secret };

function faultOf(env: Record<string, string>): string {
  try {
    requireApp(readConfig(env));
  } catch (error) {
    if (error instanceof SallyportError && error.code === 'config.invalid') return error.message;
    throw error;
  }
  return 'no fault';
}

describe('readConfig', () => {
  it('has a default for everything but the App', () => {
    const config = readConfig({});
    expect(config.app).toBeNull();
    expect(config).toMatchObject({
      http: { host: '127.0.0.1', port: 3000 },
      github: { apiUrl: 'https://api.github.com', serverUrl: null, caFile: null },
      redisUrl: null,
      credentials: new Map(),
      credentialsFile: null,
      credentialsCommand: null,
      pricesFile: null,
      dockerSocket: '/var/run/docker.sock',
      warm: { sandboxes: 0, maxAgeMs: 600_000 },
      workerImage: 'sallyport-worker:latest',
      agentImages: new Map(),
    });
    expect(config.policyFile).toMatch(/policies\/default\.yml$/);
  });

  it('reads the images of agents', () => {
    const { agentImages } = readConfig({ SALLYPORT_AGENT_IMAGES: 'pi=ours:1,codex=sha256:2' });
    expect([...agentImages]).toEqual([
      ['pi', 'ours:1'],
      ['codex', 'sha256:2'],
    ]);
  });

  it('has secrets by the names that rules use, and quotes none that does not fit', () => {
    const { credentials } = readConfig({
      SALLYPORT_CREDENTIAL_ANTHROPIC: 'sk-secret-1',
      SALLYPORT_CREDENTIAL_LOCAL_2: 'sk-secret-2',
      SALLYPORT_CREDENTIAL_EMPTY: '',
    });
    expect(credentials).toEqual(
      new Map([
        ['anthropic', 'sk-secret-1'],
        ['local-2', 'sk-secret-2'],
      ]),
    );
    for (const name of ['A', '_A', 'a.b', ''])
      expect(faultOf({ [`SALLYPORT_CREDENTIAL_${name}`]: 'two words sesame' })).toMatch(
        /^SALLYPORT_CREDENTIAL_[^ ]*: must be a secret of one line and 8 characters or more$/,
      );
    expect(faultOf({ SALLYPORT_CREDENTIAL_A: 'hunter2' })).toContain('8 characters');
  });

  it('refuses two variables that are one name', () => {
    const fault = faultOf({
      SALLYPORT_CREDENTIAL_A_B: 'sesame-1',
      SALLYPORT_CREDENTIAL_a_b: 'sesame-2',
    });
    expect(fault).toBe(
      'SALLYPORT_CREDENTIAL_A_B: is "a-b", as another variable is too\nSALLYPORT_CREDENTIAL_a_b: is "a-b", as another variable is too',
    );
  });

  it('takes a program and its arguments apart as JSON does', () => {
    const env = { SALLYPORT_CREDENTIALS_COMMAND: '["vault", "read", "-field=key"]' };
    expect(readConfig(env).credentialsCommand).toEqual(['vault', 'read', '-field=key']);
  });

  it.each(['vault read', '[]', '["a", 1]', '{"a": "b"}'])('refuses %s for a program', (text) => {
    const fault = faultOf({ SALLYPORT_CREDENTIALS_COMMAND: text });
    expect(fault).toContain('SALLYPORT_CREDENTIALS_COMMAND');
  });

  it('means paths from where our own npm scripts were called, and from the current folder otherwise', () => {
    const ours = join(import.meta.dirname, '../../../package.json');
    const called = {
      INIT_CWD: '/elsewhere',
      SALLYPORT_POLICY: 'mine.yml',
      SALLYPORT_DATA: 'data',
      SALLYPORT_CREDENTIALS_FILE: 'keys.yml',
      GITHUB_CA_FILE: 'ca.pem',
    };
    expect(readConfig({ ...called, npm_package_json: ours })).toMatchObject({
      workingDir: '/elsewhere',
      policyFile: '/elsewhere/mine.yml',
      credentialsFile: '/elsewhere/keys.yml',
      github: { caFile: '/elsewhere/ca.pem' },
      dataDir: '/elsewhere/data',
    });
    // Another package's script runs us where it wants to.
    const theirs = readConfig({ ...called, npm_package_json: '/other/package.json' });
    expect(theirs.workingDir).toBe(process.cwd());
    expect(readConfig({ INIT_CWD: '/elsewhere' }).workingDir).toBe(process.cwd());
  });

  it('takes the App, with line breaks in the key written as \\n', () => {
    const config = readConfig({ ...app, PRIVATE_KEY: 'a\\nb' });
    expect(config.app).toEqual({ appId: 12, privateKey: 'a\nb', webhookSecret: secret });
  });

  it('reads the key from a file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'config-'));
    try {
      writeFileSync(join(folder, 'key.pem'), 'from file');
      const { PRIVATE_KEY: _, ...rest } = app;
      const config = readConfig({ ...rest, PRIVATE_KEY_PATH: join(folder, 'key.pem') });
      expect(config.app?.privateKey).toBe('from file');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.each([
    ['no secret', { ...app, WEBHOOK_SECRET: '' }, /WEBHOOK_SECRET/],
    ['Probot’s default secret', { ...app, WEBHOOK_SECRET: 'development' }, /WEBHOOK_SECRET/],
    [
      'a lengthened default',
      { ...app, WEBHOOK_SECRET: 'development-development' },
      /known default/,
    ],
    ['a short secret', { ...app, WEBHOOK_SECRET: 'abc' }, /16 characters/],
    ['no key', { ...app, PRIVATE_KEY: '' }, /PRIVATE_KEY/],
    [
      'a key file that is not there',
      { APP_ID: '1', WEBHOOK_SECRET: secret, PRIVATE_KEY_PATH: '/nonexistent' },
      /PRIVATE_KEY_PATH/,
    ],
    ['no App id', { ...app, APP_ID: '' }, /APP_ID/],
    ['an App id that is no number', { ...app, APP_ID: 'x' }, /APP_ID/],
    ['a port out of range', { ...app, PORT: '70000' }, /PORT/],
    ['a port that is no number', { ...app, PORT: 'NaN' }, /PORT/],
    ['an API that is no URL', { ...app, GITHUB_API_URL: 'github' }, /GITHUB_API_URL/],
    ['an API over another scheme', { ...app, GITHUB_API_URL: 'file:///etc' }, /GITHUB_API_URL/],
    ['an engine over TCP', { ...app, DOCKER_HOST: 'tcp://203.0.113.1:2375' }, /DOCKER_HOST/],
    ['a runner id with a slash', { ...app, SALLYPORT_RUNNER_ID: '../x' }, /SALLYPORT_RUNNER_ID/],
    [
      'an agent without an image',
      { ...app, SALLYPORT_AGENT_IMAGES: 'pi' },
      /AGENT_IMAGES: must be/,
    ],
    ['half a warm sandbox', { ...app, SALLYPORT_WARM_SANDBOXES: '0.5' }, /WARM_SANDBOXES/],
    ['too many warm sandboxes', { ...app, SALLYPORT_WARM_SANDBOXES: '65' }, /WARM_SANDBOXES/],
    ['an age of no time', { ...app, SALLYPORT_WARM_MAX_AGE_S: '9' }, /SALLYPORT_WARM_MAX_AGE_S/],
    ['an age without an end', { ...app, SALLYPORT_WARM_MAX_AGE_S: 'Infinity' }, /WARM_MAX_AGE_S/],
    ['no concurrency', { ...app, SALLYPORT_CONCURRENCY: '0' }, /SALLYPORT_CONCURRENCY/],
  ])('refuses %s and names the variable', (_what, env, message) => {
    expect(faultOf(env)).toMatch(message);
  });

  it('never repeats a value, since it may be a secret', () => {
    expect(faultOf({ ...app, WEBHOOK_SECRET: 'hunter2' })).not.toContain('hunter2');
    expect(faultOf({ ...app, APP_ID: 'ghs_secret' })).not.toContain('ghs_secret');
  });
});

describe('SALLYPORT_DETAILS_URL', () => {
  const read = (SALLYPORT_DETAILS_URL: string) => readConfig({ SALLYPORT_DETAILS_URL }).github;

  it('is where a task is shown, and nowhere unless set', () => {
    const url = 'https://logs.example/q?task={task}';
    expect(read(url).detailsUrl).toBe(url);
    expect(readConfig({}).github.detailsUrl).toBeNull();
  });

  it.each(['https://logs.example/', 'https://a:b@logs.example/{task}', 'file:///{task}', '{task}'])(
    'is not %s',
    (url) => {
      expect(() => read(url)).toThrow('SALLYPORT_DETAILS_URL');
    },
  );
});
