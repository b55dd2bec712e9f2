import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Bench } from '../../src/doctor/bench.ts';
import { allCases } from '../../src/doctor/cases/all-cases.ts';
import { brokerMutations } from '../support/sandbox/mutations/broker-mutations.ts';
import { escapeMutations } from '../support/sandbox/mutations/escape-mutations.ts';
import { fileMutations } from '../support/sandbox/mutations/file-mutations.ts';
import { brokenIn } from '../support/sandbox/mutations/mutation.ts';
import { networkMutations } from '../support/sandbox/mutations/network-mutations.ts';
import { resourceMutations } from '../support/sandbox/mutations/resource-mutations.ts';
import { host } from '../support/sandbox/mutations/weaknesses.ts';
import { wireMutations } from '../support/sandbox/mutations/wire-mutations.ts';
import { testBench } from '../support/sandbox/test-bench.ts';

const tables = [
  ...brokerMutations,
  ...escapeMutations,
  ...fileMutations,
  ...networkMutations,
  ...resourceMutations,
  ...wireMutations,
];

describe('every case of the containment suite', () => {
  test('has its defence taken away in one of the tables, or below', () => {
    const covered = new Set([
      ...tables.flatMap(({ cases }) => cases),
      'escape.engine-socket',
      'residue.next-task',
    ]);
    const missing = allCases(() => '').filter(({ id }) => !covered.has(id));
    expect(missing.map(({ id }) => id)).toEqual([]);
  });
});

describe('says that the containment is broken', () => {
  let folder: string;
  let bench: Bench;
  let close: () => Promise<void>;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sallyport-bait-'));
    ({ bench, close } = await testBench());
  });
  afterEach(async () => {
    await close();
    await rm(folder, { recursive: true, force: true });
  });

  test('with a socket of the host in the sandbox', async () => {
    const socketPath = join(folder, 'engine.sock');
    const server = createServer((socket) => socket.destroy()).listen(socketPath);
    const options = host({ Binds: [`${socketPath}:/var/run/docker.sock`] });
    try {
      const mutation = { name: 'engine-socket', cases: ['escape.engine-socket'], options };
      expect(await brokenIn(bench, mutation)).toEqual(['escape.engine-socket']);
    } finally {
      server.close();
    }
  });

  test('with a folder that one task shares with the next', async () => {
    await chmod(folder, 0o777);
    const options = host({ Binds: [`${folder}:/home/agent/cache`] });
    const mutation = { name: 'shared-folder', cases: ['residue.next-task'], options };
    expect(await brokenIn(bench, mutation)).toEqual(['residue.next-task']);
  });
});
