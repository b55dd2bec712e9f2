import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { expect, onTestFinished, test, vi } from 'vitest';
import { type EmbeddedRedis, startEmbeddedRedis } from '../../src/adapters/redis/embedded.ts';
import { probe } from '../../src/adapters/redis/probe.ts';
import { type LogLine, realClock, recordingLog, redisIn, serverPid } from './queue-redis-server.ts';
import { temporaryFolder } from './store-folder.ts';

const GIVEN_UP = 'Redis keeps ending and is not started again';
const waitOptions = { timeout: 20_000, interval: 10 };
const parentScript = fileURLToPath(new URL('./queue-redis-parent.ts', import.meta.url));

function clientOf(redis: EmbeddedRedis): Redis {
  const client = new Redis({ path: redis.socketPath });
  onTestFinished(() => {
    client.disconnect();
  });
  return client;
}

function isAlive(pid: number): boolean {
  return existsSync(`/proc/${pid}`);
}

/** A field of `/proc/PID/stat`, counted from the one behind the name: 1 is the parent, 3 the session. */
function statOf(pid: number, field: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[field]);
}

async function parentOf(dataDir: string): Promise<ChildProcess> {
  const stdio = ['pipe', 'pipe', 'inherit'] as const;
  const parent = spawn(process.execPath, [parentScript, dataDir], { stdio: [...stdio] });
  onTestFinished(() => {
    parent.kill('SIGKILL');
  });
  if (parent.stdout === null) throw new Error('the parent has no output');
  await once(parent.stdout, 'data');
  return parent;
}

test('keeps every write, evicts nothing and listens on its socket alone', async () => {
  const redis = await redisIn();
  const client = clientOf(redis);
  const config = async (name: string) => (await client.config('GET', name)) as unknown;
  expect(await config('appendonly')).toEqual(['appendonly', 'yes']);
  expect(await config('appendfsync')).toEqual(['appendfsync', 'always']);
  expect(await config('maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction']);
  expect(await config('port')).toEqual(['port', '0']);
  expect(await config('protected-mode')).toEqual(['protected-mode', 'yes']);
  expect(statSync(redis.socketPath).mode & 0o777).toBe(0o700);
});

test('keeps its data in the data folder, over a stop', async () => {
  const dataDir = temporaryFolder();
  const first = await redisIn(dataDir);
  await clientOf(first).set('kept', 'yes');
  await first.stop();
  expect(await probe(first.socketPath, 1_000)).toBe('absent');
  const second = await redisIn(dataDir);
  expect(second.socketPath).toBe(first.socketPath);
  expect(await clientOf(second).get('kept')).toBe('yes');
});

test('four that start at once on one folder share one server', async () => {
  const dataDir = temporaryFolder();
  const all = await Promise.all([1, 2, 3, 4].map(() => redisIn(dataDir)));
  expect(all.filter((redis) => redis.isOwner)).toHaveLength(1);
  expect(new Set(all.map((redis) => redis.socketPath)).size).toBe(1);
});

test('one that shares the server of another leaves it alone, and starts its own when that ends', async () => {
  const dataDir = temporaryFolder();
  const owner = await redisIn(dataDir);
  const pid = serverPid(dataDir);
  const guest = await redisIn(dataDir);
  const visitor = await redisIn(dataDir);
  await visitor.stop();
  expect(await probe(owner.socketPath, 1_000)).toBe('ready');
  await owner.stop();
  await expect.poll(() => guest.isOwner, waitOptions).toBe(true);
  await expect.poll(() => probe(guest.socketPath, 1_000), waitOptions).toBe('ready');
  expect(serverPid(dataDir)).not.toBe(pid);
});

test('starts a server that was killed again, but not for ever', async () => {
  const dataDir = temporaryFolder();
  const lines: LogLine[] = [];
  const redis = await redisIn(dataDir, recordingLog(lines));
  const hasGivenUp = () => lines.some(([, message]) => message === GIVEN_UP);
  for (let pid = 0; !hasGivenUp(); ) {
    await vi.waitFor(async () => {
      if (hasGivenUp()) return;
      expect(await probe(redis.socketPath, 1_000)).toBe('ready');
      expect(serverPid(dataDir)).not.toBe(pid);
    }, waitOptions);
    if (hasGivenUp()) break;
    pid = serverPid(dataDir);
    process.kill(pid, 'SIGKILL');
  }
  const messages = lines.map(([, message]) => message);
  expect(messages.filter((text) => text === 'Redis has ended and is started again')).toHaveLength(
    5,
  );
  expect(messages.at(-1)).toBe(GIVEN_UP);
  expect(await probe(redis.socketPath, 1_000)).toBe('absent');
});

test('the server goes when its parent is killed', async () => {
  const dataDir = temporaryFolder();
  const parent = await parentOf(dataDir);
  const pid = serverPid(dataDir);
  expect(isAlive(pid)).toBe(true);
  parent.kill('SIGKILL');
  await expect.poll(() => isAlive(pid), waitOptions).toBe(false);
});

test('a server that hangs goes too when its parent is killed', async () => {
  const dataDir = temporaryFolder();
  const parent = await parentOf(dataDir);
  const pid = serverPid(dataDir);
  process.kill(pid, 'SIGSTOP');
  parent.kill('SIGKILL');
  await expect.poll(() => isAlive(pid), waitOptions).toBe(false);
});

test('an interrupt from the terminal reaches the parent and not the server', async () => {
  const dataDir = temporaryFolder();
  await redisIn(dataDir);
  const session = statOf(serverPid(dataDir), 3);
  expect(session).not.toBe(process.pid);
  expect(session).toBeGreaterThan(1);
});

function leftover(dataDir: string): number {
  const folder = join(dataDir, 'redis');
  mkdirSync(folder, { mode: 0o700 });
  const options = { unixsocket: join(folder, 'redis.sock'), dir: folder, port: '0' };
  const args = Object.entries({ ...options, pidfile: join(folder, 'redis.pid') });
  const server = spawn(
    'redis-server',
    args.flatMap(([name, value]) => [`--${name}`, value]),
    { stdio: 'ignore' },
  );
  onTestFinished(() => {
    server.kill('SIGKILL');
  });
  return server.pid ?? 0;
}

async function untilReady(dataDir: string): Promise<void> {
  const socketPath = join(dataDir, 'redis', 'redis.sock');
  await expect.poll(() => probe(socketPath, 1_000), waitOptions).toBe('ready');
}

test('a server that an earlier run left behind is used', async () => {
  const dataDir = temporaryFolder();
  const pid = leftover(dataDir);
  await untilReady(dataDir);
  const redis = await redisIn(dataDir);
  expect(redis.isOwner).toBe(false);
  expect(serverPid(dataDir)).toBe(pid);
});

test('a server that was left behind and hangs is killed before another is started', async () => {
  const dataDir = temporaryFolder();
  const pid = leftover(dataDir);
  await untilReady(dataDir);
  process.kill(pid, 'SIGSTOP');
  const redis = await redisIn(dataDir);
  expect(redis.isOwner).toBe(true);
  expect(serverPid(dataDir)).not.toBe(pid);
});

test('a data folder with a long path gets a socket in a private folder elsewhere', async () => {
  const dataDir = join(temporaryFolder(), 'x'.repeat(100));
  mkdirSync(dataDir);
  const redis = await redisIn(dataDir);
  const guest = await redisIn(dataDir);
  onTestFinished(() => {
    rmSync(join(redis.socketPath, '..'), { recursive: true });
  });
  expect(Buffer.byteLength(redis.socketPath)).toBeLessThan(104);
  expect(statSync(join(redis.socketPath, '..')).mode & 0o777).toBe(0o700);
  expect(guest).toMatchObject({ socketPath: redis.socketPath, isOwner: false });
});

test('the folder of such a socket goes with the last server, and comes back with the next', async () => {
  const dataDir = join(temporaryFolder(), 'x'.repeat(100));
  mkdirSync(dataDir);
  const redis = await redisIn(dataDir);
  const guest = await redisIn(dataDir);
  await redis.stop();
  await expect.poll(() => probe(guest.socketPath, 1_000), waitOptions).toBe('ready');
  await guest.stop();
  expect(existsSync(join(redis.socketPath, '..'))).toBe(false);
});

test('a folder that others can write to is refused', async () => {
  const dataDir = temporaryFolder();
  mkdirSync(join(dataDir, 'redis'));
  chmodSync(join(dataDir, 'redis'), 0o777);
  await expect(redisIn(dataDir)).rejects.toMatchObject({ code: 'queue.unavailable' });
});

test('says how to get redis-server when it is missing', async () => {
  const options = { dataDir: temporaryFolder(), clock: realClock, log: recordingLog() };
  const started = startEmbeddedRedis({ ...options, searchPath: temporaryFolder() });
  await expect(started).rejects.toThrow('install Redis 7 or later, or set REDIS_URL');
});

test('the server sees nothing of the environment of its parent', async () => {
  vi.stubEnv('WEBHOOK_SECRET', 'a-secret');
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  const dataDir = temporaryFolder();
  await redisIn(dataDir);
  // Redis writes its title over its own; the shell that guards it was given the same.
  const guard = statOf(serverPid(dataDir), 1);
  const environment = readFileSync(`/proc/${guard}/environ`, 'utf8');
  expect(environment).toContain('PATH=');
  expect(environment).not.toContain('WEBHOOK_SECRET');
});

test('names the log when the server refuses to start', async () => {
  const dataDir = temporaryFolder();
  mkdirSync(join(dataDir, 'redis'), { mode: 0o700 });
  // A file stands where the server wants the folder of its log of writes.
  writeFileSync(join(dataDir, 'redis', 'appendonlydir'), '');
  await expect(redisIn(dataDir)).rejects.toThrow('redis.log');
});
