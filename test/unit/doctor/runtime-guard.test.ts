import { setImmediate as turn } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { GuardedSandbox } from '../../../src/doctor/guarded-sandbox.ts';
import type { ProbeVerdict } from '../../../src/doctor/probe.ts';
import { type Provable, RuntimeGuard } from '../../../src/doctor/runtime-guard.ts';
import { SallyportError } from '../../../src/errors.ts';
import type { Sandbox, SandboxSpec } from '../../../src/ports/sandbox.ts';
import { FakeClock } from '../../support/fakes/fake-clock.ts';
import { FakeLedger } from '../../support/fakes/fake-ledger.ts';

const clock = new FakeClock();
const runc: Provable = { runtime: 'runc', image: 'worker' };
const runsc: Provable = { runtime: 'runsc', image: 'worker' };
let ledger: FakeLedger;
let probes: number;
let next: () => Promise<ProbeVerdict>;
let guard: RuntimeGuard;
let lost: string[];

const verdict = (failures: string[]): ProbeVerdict => ({
  runtime: 'runc',
  isProven: failures.length === 0,
  failures,
  imageDigest: 'sha256:x',
  ms: 400,
});
const sound = async (): Promise<ProbeVerdict> => verdict([]);
const leaky = async (): Promise<ProbeVerdict> => verdict(['an interface: eth0']);
const away = (): Promise<ProbeVerdict> =>
  Promise.reject(new SallyportError('engine.missing-image', 'no image'));

beforeEach(() => {
  ledger = new FakeLedger(clock);
  probes = 0;
  next = sound;
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const probe = (): Promise<ProbeVerdict> => {
    probes += 1;
    return next();
  };
  lost = [];
  const onUnproven = ({ runtime }: Provable): void => void lost.push(runtime);
  guard = new RuntimeGuard({ probe, ledger, log, clock, runnerId: 'one', onUnproven });
});

async function rows() {
  const found: { type: string; data: unknown }[] = [];
  for await (const { type, data } of ledger.read(1)) found.push({ type, data });
  return found;
}

const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'allowed',
    (error: unknown) => (error as SallyportError).code,
  );

describe('the guard of a runner', () => {
  it('holds nothing for proven that nobody has looked at', () => {
    expect(guard.isProven(runc)).toBe(false);
    expect(guard.hasFailed(runc)).toBe(false);
  });

  it('proves one class and not the others, and the ledger has it', async () => {
    await guard.prove(runc);
    expect([guard.isProven(runc), guard.isProven(runsc)]).toEqual([true, false]);
    const data = { runnerId: 'one', runtime: 'runc', imageDigest: 'sha256:x', failures: [] };
    expect(await rows()).toEqual([{ type: 'runtime.proven', data }]);
  });

  it('proves one image and not another of the same class', async () => {
    await guard.prove(runc);
    const other: Provable = { runtime: 'runc', image: 'other' };
    expect([guard.isProven(runc), guard.isProven(other)]).toEqual([true, false]);
    next = leaky;
    expect(await codeOf(guard.require(other))).toBe('engine.unproven');
    expect([guard.isProven(runc), guard.hasFailed(other)]).toEqual([true, true]);
  });

  it('asks again for a proof that is too old, and for one that failed a while ago', async () => {
    await guard.require(runc);
    await clock.advance(64 * 60_000);
    await guard.require(runc);
    expect(probes).toBe(1);
    await clock.advance(60_000);
    expect(guard.isProven(runc)).toBe(false);
    next = leaky;
    expect(await codeOf(guard.require(runc))).toBe('engine.unproven');
    next = sound;
    await clock.advance(14_999);
    expect(await codeOf(guard.require(runc))).toBe('engine.unproven');
    await clock.advance(1);
    expect(await codeOf(guard.require(runc))).toBe('allowed');
    expect(probes).toBe(3);
  });

  it('takes back a proof when a later probe fails, and says why in the ledger', async () => {
    await guard.prove(runc);
    next = leaky;
    await guard.prove(runc);
    expect([guard.isProven(runc), guard.hasFailed(runc)]).toEqual([false, true]);
    expect((await rows())[1]).toMatchObject({
      type: 'runtime.unproven',
      data: { failures: ['an interface: eth0'] },
    });
    expect(await codeOf(guard.check(runc))).toBe('engine.unproven');
  });

  it('forgets a proof when the next probe cannot run', async () => {
    await guard.prove(runc);
    next = away;
    expect(await codeOf(guard.prove(runc))).toBe('engine.missing-image');
    expect([guard.isProven(runc), guard.hasFailed(runc)]).toEqual([false, false]);
  });

  it('says which class is not proven, when it was and when it never was', async () => {
    await guard.prove(runc);
    expect(lost).toEqual([]);
    next = leaky;
    await guard.prove(runc);
    next = away;
    await codeOf(guard.prove(runsc));
    expect(lost).toEqual(['runc', 'runsc']);
  });

  it('probes once for all who ask at the same time', async () => {
    await Promise.all([guard.require(runc), guard.require(runc), guard.prove(runc)]);
    expect(probes).toBe(1);
  });

  it('does not hold a class for proven while the ledger does not have it', async () => {
    ledger.append = () => Promise.reject(new SallyportError('store.unavailable', 'down'));
    expect(await codeOf(guard.require(runc))).toBe('store.unavailable');
    expect(guard.isProven(runc)).toBe(false);
  });

  it('probes every hour while all is well and every 15 seconds while it is not', async () => {
    const stop = new AbortController();
    await guard.prove(runc);
    const proving = guard.keepProving(runc, stop.signal);
    next = leaky;
    await clock.advance(59 * 60_000);
    expect(probes).toBe(1);
    await clock.advance(60_000);
    await turn();
    expect([probes, guard.hasFailed(runc)]).toEqual([2, true]);
    next = away;
    await clock.advance(15_000);
    await turn();
    next = sound;
    await clock.advance(15_000);
    await turn();
    expect([probes, guard.isProven(runc)]).toEqual([4, true]);
    stop.abort();
    await proving;
  });
});

describe('a guarded sandbox', () => {
  let started: SandboxSpec[];
  let removed: number;
  /** What the image's name leads to, start by start; at last to what was probed. */
  let leadsTo: string[];
  let sandbox: GuardedSandbox;
  const spec = { runtime: 'runc', image: 'worker' } as SandboxSpec;

  beforeEach(() => {
    started = [];
    removed = 0;
    leadsTo = [];
    const inner: Sandbox = {
      start: async (one) => {
        started.push(one);
        const imageDigest = leadsTo.shift() ?? 'sha256:x';
        const destroy = async (): Promise<void> => {
          removed += 1;
        };
        return { imageDigest, destroy } as never;
      },
      removeOwned: async () => [],
      removeExpired: async () => [],
      ping: async () => undefined,
    };
    sandbox = new GuardedSandbox(inner, guard);
  });

  it('starts only after a proof, and proves when nobody has', async () => {
    await sandbox.start(spec);
    await sandbox.start(spec);
    expect([started.length, probes]).toEqual([2, 1]);
  });

  it('starts nothing of a class that failed, and does not try again for every task', async () => {
    next = leaky;
    expect(await codeOf(sandbox.start(spec))).toBe('engine.unproven');
    expect(await codeOf(sandbox.start(spec))).toBe('engine.unproven');
    expect([started.length, probes]).toEqual([0, 1]);
  });

  it('ends by the engine’s own fault when no probe could run', async () => {
    next = away;
    expect(await codeOf(sandbox.start(spec))).toBe('engine.missing-image');
    expect(started).toEqual([]);
  });

  it('starts no image that nobody has looked at, wherever its name leads', async () => {
    leadsTo = ['sha256:moved'];
    const running = await sandbox.start(spec);
    expect(running.imageDigest).toBe('sha256:x');
    expect([started.length, removed, probes]).toEqual([2, 1, 2]);
  });

  it('starts nothing while the name of its image keeps moving', async () => {
    leadsTo = ['sha256:one', 'sha256:two'];
    expect(await codeOf(sandbox.start(spec))).toBe('engine.unproven');
    expect([started.length, removed]).toEqual([2, 2]);
  });

  it('gives out nothing of a moved image that turns out to be at fault', async () => {
    await sandbox.start(spec);
    leadsTo = ['sha256:moved'];
    next = leaky;
    expect(await codeOf(sandbox.start(spec))).toBe('engine.unproven');
    expect([started.length, removed]).toEqual([2, 1]);
  });
});
