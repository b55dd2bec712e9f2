import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Checked, checkLines, fault, note, ok, runChecks } from '../../../src/doctor/check.ts';
import {
  guessBits,
  judgeApp,
  judgeSecret,
  judgeSecrets,
  type NamedCredential,
} from '../../../src/doctor/checks/credentials.ts';
import { engineChecks } from '../../../src/doctor/checks/engine.ts';
import {
  judgeGit,
  judgeNode,
  judgeRedis,
  machineChecks,
  secretFileCheck,
} from '../../../src/doctor/checks/machine.ts';
import { judgeLedger } from '../../../src/doctor/checks/record.ts';
import { SallyportError } from '../../../src/errors.ts';
import type { Engine, EngineImage, EngineInfo } from '../../../src/ports/engine.ts';
import { FakeClock } from '../../support/fakes/fake-clock.ts';
import { FakeLedger } from '../../support/fakes/fake-ledger.ts';
import { samplePolicy } from '../../support/report/samples.ts';

const policy = samplePolicy();
const info: EngineInfo = {
  version: '28.0.0',
  apiVersion: '1.48',
  kernel: '6.1',
  cgroupVersion: '2',
  runtimes: ['runc'],
  securityOptions: ['name=seccomp,profile=builtin', 'name=rootless'],
  cpus: 64,
  memoryBytes: 2 ** 40,
  limitsSwap: true,
  limitsPids: true,
  rootDir: '/var/lib/docker',
};
const agentsLabel = { 'io.sallyport.agents': 'command,linters' };
const built: EngineImage = {
  id: 'sha256:abc',
  labels: { 'io.sallyport.inputs': 'd'.repeat(64), ...agentsLabel },
};
const images = [{ ref: 'worker', agents: ['linters'], runtimes: ['runc'] }] as const;

function engineStates(part: Partial<EngineInfo>, image: EngineImage | undefined = built) {
  const engine = {
    info: async () => ({ ...info, ...part }),
    image: async () => image,
  } as unknown as Engine;
  const checks = engineChecks({ engine, images, policy, concurrency: 2 });
  return runChecks(checks, () => undefined);
}

const stateOf = (found: readonly Checked[], name: string) =>
  found.find((one) => one.name === name)?.state;

describe('the checks of the engine', () => {
  it('find nothing wrong with one that is right', async () => {
    expect((await engineStates({})).every(({ state }) => state === 'ok')).toBe(true);
  });

  it.each<[string, Partial<EngineInfo>, string, Checked['state']]>([
    ['an API that is too old', { apiVersion: '1.40' }, 'engine', 'fault'],
    ['an API that is new', { apiVersion: '2.0' }, 'engine', 'ok'],
    ['the runtime missing', { runtimes: ['crun'] }, 'runtime', 'fault'],
    ['gVisor unused', { runtimes: ['runc', 'runsc'] }, 'runtime', 'note'],
    ['no seccomp', { securityOptions: [] }, 'seccomp', 'fault'],
    ['no user namespace', { securityOptions: ['name=seccomp'] }, 'users', 'note'],
    ['no count of processes', { limitsPids: false }, 'ceilings', 'fault'],
    ['no hold on swap', { limitsSwap: false }, 'ceilings', 'note'],
    ['too little memory', { memoryBytes: 2 ** 32 }, 'memory', 'fault'],
    ['too few processors', { cpus: 1 }, 'processors', 'note'],
  ])('name %s', async (_what, part, name, state) => {
    expect(stateOf(await engineStates(part), name)).toBe(state);
  });

  it('tell an image that is not there from one that is not ours', async () => {
    const engine = { info: async () => info, image: async () => undefined } as unknown as Engine;
    const gone = engineChecks({ engine, images, policy, concurrency: 1 });
    expect(stateOf(await runChecks(gone, () => undefined), 'image')).toBe('fault');
    const foreign = { id: 'sha256:x', labels: agentsLabel };
    expect(stateOf(await engineStates({}, foreign), 'image')).toBe('note');
  });

  it('name an image that lacks an agent of the policy', async () => {
    const other = { 'io.sallyport.agents': 'codex' };
    const found = await engineStates({}, { id: 'sha256:x', labels: other });
    expect(stateOf(found, 'image')).toBe('fault');
    expect(JSON.stringify(found)).toContain('worker does not have the agent linters');
  });
});

describe('the checks of the machine', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'doctor-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });
  const look = async (path: string) => runChecks(machineChecks(path), () => undefined);

  it.each([
    ['24.0.0', 'ok'],
    ['26.10.0', 'ok'],
    ['23.9.9', 'fault'],
    ['nonsense', 'fault'],
  ])('Node %s is %s', (version, state) => {
    expect(judgeNode(version).state).toBe(state);
  });

  it.each([
    ['2.39.5', 'ok'],
    ['3.0', 'ok'],
    ['2.38.1', 'fault'],
    [null, 'fault'],
  ])('git %s is %s', (version, state) => {
    expect(judgeGit(version).state).toBe(state);
  });

  it.each([
    ['7.0.15', 'ok'],
    ['6.2.7', 'fault'],
    [null, 'fault'],
  ])('Redis %s is %s', (version, state) => {
    expect(judgeRedis(version).state).toBe(state);
  });

  it('want the data folder closed to others', async () => {
    expect(stateOf(await look(folder), 'data folder')).toBe('ok');
    chmodSync(folder, 0o750);
    const found = await look(folder);
    expect(stateOf(found, 'data folder')).toBe('fault');
    expect(found.find(({ name }) => name === 'data folder')?.mend).toContain('chmod 700');
    expect(stateOf(await look(join(folder, 'not/yet')), 'data folder')).toBe('ok');
  });

  it('want a file with secrets closed to others', async () => {
    const file = join(folder, 'credentials.json');
    const state = async () =>
      (await runChecks([secretFileCheck('credentials', file)], () => undefined))[0]?.state;
    expect(await state()).toBe('fault');
    writeFileSync(file, '{}', { mode: 0o600 });
    expect(await state()).toBe('ok');
    chmodSync(file, 0o604);
    expect(await state()).toBe('fault');
  });
});

describe('the checks of credentials', () => {
  const pem = (bits: number): string =>
    generateKeyPairSync('rsa', { modulusLength: bits }).privateKey.export({
      type: 'pkcs8',
      format: 'pem',
    });
  const app = (part: object) => ({ appId: 7, privateKey: 'x', webhookSecret: 'y', ...part });

  it('tell a key from a weak one and from none, and repeat nothing of it', () => {
    expect(judgeApp(app({ privateKey: pem(2048) }))).toEqual(
      ok('App 7, with an RSA key of 2048 bits'),
    );
    expect(judgeApp(app({ privateKey: pem(1024) })).state).toBe('fault');
    const broken = judgeApp(app({ privateKey: '-----BEGIN hunter2' }));
    expect(broken.state).toBe('fault');
    expect(JSON.stringify(broken)).not.toContain('hunter2');
    expect(judgeApp(null).state).toBe('note');
  });

  it.each([
    ['a'.repeat(64), 'fault'],
    ['abababababababababababab', 'fault'],
    ['password12345678', 'fault'],
    ['9f86d081884c7d659a2feaa0c55ad015', 'ok'],
    ['correct horse battery staple mule', 'ok'],
  ])('the secret %s is %s', (webhookSecret, state) => {
    const finding = judgeSecret(app({ webhookSecret }));
    expect(finding.state).toBe(state);
    expect(JSON.stringify(finding)).not.toContain(webhookSecret);
  });

  it('measures a secret by what it is made of', () => {
    expect(guessBits('')).toBe(0);
    expect(guessBits('aaaa')).toBe(0);
    expect(guessBits('abcd')).toBeCloseTo(8);
  });
});

describe('the check of the ledger', () => {
  it('reads every row', async () => {
    const ledger = new FakeLedger(new FakeClock());
    await ledger.append({ type: 'task.queued', taskId: null, data: {} });
    expect(await judgeLedger(ledger)).toEqual(ok('1 rows, every one in its chain'));
  });

  it('names the row that is wrong, and leaves a long one to its own command', async () => {
    const ledger = new FakeLedger(new FakeClock());
    const row = await ledger.append({ type: 'task.queued', taskId: null, data: {} });
    const changed = {
      head: async () => ({ seq: 1, hash: row.hash }),
      async *read() {
        yield { ...row, data: { forged: true } };
      },
    };
    expect((await judgeLedger(changed as never)).says).toContain('row 1: changed');
    const long = { head: async () => ({ seq: 1e6, hash: row.hash }) };
    expect((await judgeLedger(long as never)).state).toBe('note');
  });
});

describe('a run of checks', () => {
  it('tells each as it comes and takes a fault of its own for one', async () => {
    const told: string[] = [];
    const checks = [
      { name: 'a', look: () => ok('well') },
      {
        name: 'b',
        look: () => Promise.reject(new SallyportError('engine.unavailable', 'no answer')),
      },
      {
        name: 'c',
        look: () => Promise.reject(Object.assign(new Error('/secret'), { code: 'EIO' })),
      },
    ];
    const found = await runChecks(checks, ({ name }) => void told.push(name));
    expect(told).toEqual(['a', 'b', 'c']);
    expect(found.map(({ state }) => state)).toEqual(['ok', 'fault', 'fault']);
    expect(found[1]?.mend).toBe('Start the Docker Engine or correct DOCKER_HOST.');
    expect(JSON.stringify(found[2])).not.toContain('/secret');
  });

  it('prints one line, and one more where there is something to do', () => {
    expect(checkLines({ name: 'a', ...ok('well') })).toHaveLength(1);
    expect(checkLines({ name: 'a', ...note('so', 'do') })[1]).toContain('→ do');
    expect(checkLines({ name: 'a', ...fault('x\u001b[2J', 'do') })[0]).toMatch(/^FAULT {2}a +x/);
  });
});

describe('the secrets that a policy names', () => {
  const key = { AccessKeyId: 'AKIAAAAAAAAAAAAAAAAA', SecretAccessKey: 'open-sesame-0123456789' };
  const secrets = new Map([
    ['good', async () => 'open-sesame'],
    ['aws', async () => JSON.stringify(key)],
    ['short', async () => 'sesame'],
    ['broken', () => Promise.reject(new Error('open-sesame'))],
  ]);
  const plain = (...names: readonly string[]): NamedCredential[] =>
    names.map((name) => ({ name, header: 'x-api-key' }));
  const signing = (name: string): NamedCredential => ({ name, header: 'authorization-sigv4' });

  it.each([
    [[], 'ok', 'the policy names none'],
    [plain('good', 'good'), 'ok', '1 can be had'],
    [[...plain('good', 'aws'), signing('aws')], 'ok', '2 can be had'],
    [
      plain('good', 'broken', 'none', 'none', 'short'),
      'fault',
      ['broken', 'none', 'short']
        .map((name) => `no secret for ${name}, which the policy names`)
        .join('; '),
    ],
    [
      [signing('good')],
      'fault',
      'what is behind good is no AWS key in JSON, as authorization-sigv4 needs',
    ],
  ])('are asked for, each, and tried: %j', async (named, state, says) => {
    const finding = await judgeSecrets(named, secrets);
    expect(finding).toMatchObject({ state, says });
    expect(JSON.stringify(finding)).not.toContain('sesame');
  });
});
