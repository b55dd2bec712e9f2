import { PassThrough } from 'node:stream';
import type { Container } from 'dockerode';
import { beforeEach, describe, expect, it } from 'vitest';
import { DockerBlank } from '../../../../src/adapters/docker/docker-blank.ts';
import { taskIdFor } from '../../../../src/domain/ids.ts';
import { hasCode } from '../../../../src/errors.ts';
import type { SandboxSpec } from '../../../../src/ports/sandbox.ts';
import { smallLimits } from '../../../support/sandbox/small-limits.ts';

const spec: SandboxSpec = {
  taskId: taskIdFor('x', 'warm'),
  ownerId: 'r',
  image: 'i',
  runtime: 'runc',
  limits: smallLimits,
};
const wanted = { ...smallLimits, memoryBytes: 2 ** 30, cpus: 1.5, pids: 100 };

let updates: unknown[];
let update: () => Promise<unknown>;
let stats: () => Promise<unknown>;
let end: PromiseWithResolvers<{ StatusCode: number }>;
let wire: PassThrough;
let blank: DockerBlank;

const held = (limit: number, pids: number): (() => Promise<unknown>) => {
  const said = { memory_stats: { limit }, pids_stats: { limit: pids } };
  return () => Promise.resolve(said);
};
const refused = (statusCode: number) => () =>
  Promise.reject(Object.assign(new Error('no'), { statusCode }));

beforeEach(() => {
  updates = [];
  update = () => Promise.resolve({});
  stats = held(2 ** 30, 100);
  end = Promise.withResolvers();
  wire = new PassThrough();
  const container = {
    update: (ceilings: unknown) => {
      updates.push(ceilings);
      return update();
    },
    stats: () => stats(),
    wait: () => end.promise,
    inspect: refused(404),
  } as unknown as Container;
  const stdio = { wire, stderr: new PassThrough() };
  blank = new DockerBlank({ container, imageDigest: 'sha256:1', stdio }, spec);
});

const isRefused = (work: Promise<unknown>): Promise<boolean> =>
  work.then(
    () => false,
    (error: unknown) => hasCode(error, 'engine.failed'),
  );

describe('a blank container', () => {
  it('is held to memory without swap, processors and processes of its task', async () => {
    await blank.assign(wanted);
    expect(updates).toEqual([
      {
        Memory: 2 ** 30,
        MemorySwap: 2 ** 30,
        CpuPeriod: 100_000,
        CpuQuota: 150_000,
        PidsLimit: 100,
      },
    ]);
  });

  it('is not touched where it has those ceilings already', async () => {
    await blank.assign({ ...smallLimits, wallClockMs: 5_000 });
    expect(updates).toEqual([]);
  });

  it('may have less by a part of a page, which the kernel takes off', async () => {
    stats = held(2 ** 30, 100);
    expect(await isRefused(blank.assign({ ...wanted, memoryBytes: 2 ** 30 + 4095 }))).toBe(false);
  });

  it.each([
    ['the engine refuses', refused(500), held(2 ** 30, 100)],
    ['the container is gone', refused(404), held(2 ** 30, 100)],
    ['its memory is as before', () => Promise.resolve({}), held(2 ** 29, 100)],
    ['its memory is more', () => Promise.resolve({}), held(2 ** 31, 100)],
    ['its processes are as before', () => Promise.resolve({}), held(2 ** 30, 64)],
    ['its processes have no ceiling', () => Promise.resolve({}), held(2 ** 30, 0)],
    ['nobody says what it has', () => Promise.resolve({}), () => Promise.resolve({})],
    ['nobody answers what it has', () => Promise.resolve({}), refused(500)],
  ])('is no task’s when %s', async (_what, updated, looked) => {
    [update, stats] = [updated, looked];
    expect(await isRefused(blank.assign(wanted))).toBe(true);
  });

  it('is ready when it has asked for its input, of which nothing is read', async () => {
    const asked = blank.hasAsked();
    wire.write('PRI * HTTP/2.0');
    await asked;
    expect([wire.readableLength, wire.readableFlowing]).toEqual([14, null]);
  });

  it('is never ready when it ends before', async () => {
    const asked = blank.hasAsked();
    end.resolve({ StatusCode: 1 });
    expect(await isRefused(asked)).toBe(true);
  });

  it('is alive until its process ends, its wire closes, or the engine does not know any more', async () => {
    expect(blank.isAlive()).toBe(true);
    end.reject(new Error('the engine is gone'));
    await blank.ended();
    expect(blank.isAlive()).toBe(false);
  });

  it('ends no process by a wire that breaks while nobody listens', async () => {
    wire.destroy(new Error('broken'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(blank.isAlive()).toBe(false);
  });
});
