import { describe, expect, test } from 'vitest';
import { plantInEnvironment } from '../../src/config.ts';
import { probeRuntime } from '../../src/doctor/probe.ts';
import type { Sandbox } from '../../src/ports/sandbox.ts';
import { systemClock } from '../../src/system-clock.ts';
import { testEngine } from '../support/engine.ts';
import { testSandbox } from '../support/sandbox/run-probe.ts';
import { isMissing, runtimes } from '../support/sandbox/runtimes.ts';
import { smallLimits } from '../support/sandbox/small-limits.ts';
import { type Weaken, weakenedSandbox } from '../support/sandbox/weakened-sandbox.ts';

describe.each(runtimes)('the shipped image under %s', (runtime) => {
  describe.skipIf(isMissing(runtime))('when the runtime is there', () => {
    test('is proven by a short probe', async () => {
      const verdict = await probe(await testSandbox(), runtime);
      expect(verdict.failures).toEqual([]);
      expect(verdict.isProven).toBe(true);
      expect(verdict.imageDigest).toBe(testEngine().workerImage);
    });
  });
});

function probe(sandbox: Sandbox, runtime: 'runc' | 'runsc' = 'runc') {
  const ports = { sandbox, clock: systemClock, plant: plantInEnvironment };
  const image = testEngine().workerImage;
  const ownerId = `probe-${process.pid}`;
  return probeRuntime(ports, { runtime, image, ownerId, limits: smallLimits });
}

function weakened(part: object): Weaken {
  return (options) => ({ ...options, HostConfig: { ...options.HostConfig, ...part } });
}

describe('a probe', () => {
  test.each<[string, Weaken, RegExp]>([
    ['a network', weakened({ NetworkMode: 'host' }), /an interface: /],
    [
      'no filter',
      weakened({ SecurityOpt: ['no-new-privileges=true', 'seccomp=unconfined'] }),
      /no seccomp filter/,
    ],
    [
      'setuid that works',
      weakened({ SecurityOpt: ['seccomp=unconfined'] }),
      /new privileges can be gained/,
    ],
    ['a writable root', weakened({ ReadonlyRootfs: false }), /root is not read-only/],
    ['no ceiling of memory', weakened({ Memory: 0, MemorySwap: 0 }), /memory\.max is /],
    ['no ceiling of processes', weakened({ PidsLimit: 0 }), /pids\.max is /],
    ['no ceiling of processors', weakened({ CpuQuota: -1 }), /cpu\.max is /],
    ['a folder of the host', weakened({ Binds: ['/srv:/srv:ro'] }), /a mount: \/srv/],
    ['the resolver of the host', weakened({ Dns: ['192.0.2.53'] }), /a resolver: 192\.0\.2\.53/],
  ])('does not prove a sandbox with %s', async (_what, weaken, failure) => {
    const { isProven, failures } = await probe(await weakenedSandbox(weaken));
    expect(isProven).toBe(false);
    expect(failures.join('; ')).toMatch(failure);
  });

  test('does not prove a sandbox that is not ours inside', async () => {
    const blank: Weaken = (options) => ({ ...options, Entrypoint: ['/bin/true'] });
    const { isProven, failures } = await probe(await weakenedSandbox(blank));
    expect(isProven).toBe(false);
    expect(failures.join('; ')).toMatch(/the probe did not end/);
  });
});
