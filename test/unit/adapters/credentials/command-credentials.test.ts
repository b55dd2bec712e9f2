import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CommandCredentials } from '../../../../src/adapters/credentials/command-credentials.ts';
import { firstOf } from '../../../../src/adapters/credentials/credential-sources.ts';
import { FakeClock } from '../../../support/fakes/fake-clock.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'secrets-'));
  writeFileSync(join(folder, 'asked'), '');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A program that notes what it was asked for and does `work` with the name. */
function program(work: string, clock = new FakeClock()): CommandCredentials {
  const script = `const { appendFileSync, readFileSync } = require('node:fs');
    const [folder, name] = process.argv.slice(1);
    appendFileSync(folder + '/asked', name + ' ');
    ${work}`;
  return new CommandCredentials([process.execPath, '-e', script, folder], clock);
}

const asked = () => readFileSync(join(folder, 'asked'), 'utf8').trim().split(' ');
const secretsOf = (credentials: CommandCredentials) =>
  Promise.all([...credentials.values()].map(async (secret) => secret()));

describe('a program that tells secrets', () => {
  it('gets the name as its last argument, as it is, and is asked once for many at a time', async () => {
    const credentials = program('console.log("secret-of-" + name)');
    const all = ['a', 'a', 'b-2', 'a'].map(async (name) => credentials.get(name)?.());
    expect(await Promise.all(all)).toEqual([
      'secret-of-a',
      'secret-of-a',
      'secret-of-b-2',
      'secret-of-a',
    ]);
    expect(asked().sort()).toEqual(['a', 'b-2']);
    expect(credentials.get('$(id)')).toBeUndefined();
    expect(credentials.get('--help')).toBeUndefined();
  });

  it('is asked again after a minute: a new secret counts, and the old one is still looked for', async () => {
    const clock = new FakeClock();
    writeFileSync(join(folder, 'secret'), 'sk-old-secret');
    const credentials = program("console.log(readFileSync(folder + '/secret', 'utf8'))", clock);
    const secret = credentials.get('a');
    expect(await secret?.()).toBe('sk-old-secret');
    writeFileSync(join(folder, 'secret'), 'sk-new-secret');
    await clock.advance(59_000);
    expect(await secret?.()).toBe('sk-old-secret');
    await clock.advance(1_000);
    expect(await secret?.()).toBe('sk-new-secret');
    expect(await secretsOf(credentials)).toEqual(['sk-old-secret', 'sk-new-secret']);
    await clock.advance(86_400_000);
    expect(await secretsOf(credentials)).toEqual(['sk-new-secret']);
  });

  it.each([
    ['fails', 'console.log("sesame"); console.error("sesame"); process.exit(3)', 'failed for "a"'],
    ['tells nothing', '', 'told no secret'],
    ['tells what is too short to be looked for', 'console.log("sesame")', '8 characters'],
    ['tells two lines', 'console.log("sesame\\nsesame")', 'told no secret'],
    ['tells too much', 'console.log("sesame".repeat(10000))', 'failed for "a"'],
  ])('is not quoted when it %s, and asked again after five seconds', async (_, work, fault) => {
    const clock = new FakeClock();
    const credentials = program(work, clock);
    for (let time = 0; time < 4; time += 1) {
      const error: unknown = await Promise.resolve(credentials.get('a')?.()).catch(
        (cause: unknown) => cause,
      );
      expect(String(error)).toContain(fault);
      expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('sesame');
      await clock.advance(2_500);
    }
    expect(asked()).toEqual(['a', 'a']);
    expect(await secretsOf(credentials)).toEqual([]);
  });

  it('has told enough for five minutes when it fails', async () => {
    const clock = new FakeClock();
    writeFileSync(join(folder, 'secret'), 'the-secret');
    const secret = program("console.log(readFileSync(folder + '/secret', 'utf8'))", clock).get('a');
    expect(await secret?.()).toBe('the-secret');
    rmSync(join(folder, 'secret'));
    await clock.advance(299_999);
    expect(await secret?.()).toBe('the-secret');
    await clock.advance(1);
    await expect(secret?.()).rejects.toThrow('failed for "a"');
    writeFileSync(join(folder, 'secret'), 'new-secret');
    await clock.advance(5_000);
    expect(await secret?.()).toBe('new-secret');
  });

  it('is ended after ten seconds, with all that it started', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const clock = new FakeClock();
    const hangs = `require('node:child_process').spawn(process.execPath, ['-e', 'net.connect(${port}, "127.0.0.1")']);`;
    const telling = Promise.resolve(program(hangs, clock).get('a')?.());
    const refused = telling.catch(String);
    const [child] = (await once(server, 'connection')) as [Socket];
    const gone = once(child.on('error', () => undefined).resume(), 'close');
    await clock.advance(10_000);
    expect(await refused).toContain('failed for "a"');
    await gone;
    server.close();
  });

  it('is one that cannot be started', async () => {
    const credentials = new CommandCredentials([join(folder, 'none')], new FakeClock());
    await expect(credentials.get('a')?.()).rejects.toThrow('failed for "a"');
  });
});

describe('several sources', () => {
  it('are asked in their order, and all are looked for', async () => {
    const command = program('console.log("sk-command")');
    const sources = firstOf([
      new Map([['a', () => 'secret-1']]),
      new Map([['a', () => 'secret-2']]),
      command,
    ]);
    expect(await sources.get('a')?.()).toBe('secret-1');
    expect(await sources.get('b')?.()).toBe('sk-command');
    const all = await Promise.all([...sources.values()].map(async (secret) => secret()));
    expect(all).toEqual(['secret-1', 'secret-2', 'sk-command']);
  });
});
