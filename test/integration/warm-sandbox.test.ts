import Docker from 'dockerode';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { DockerSandbox } from '../../src/adapters/docker/docker-sandbox.ts';
import type { Assigned } from '../../src/dispatch/run-sandbox.ts';
import { WarmSandboxes } from '../../src/dispatch/warm-sandboxes.ts';
import type { Limits } from '../../src/domain/limits.ts';
import type { RuntimeClass } from '../../src/ports/sandbox.ts';
import { systemClock } from '../../src/system-clock.ts';
import { testEngine } from '../support/engine.ts';
import { probeImage } from '../support/sandbox/probe-image.ts';
import { freshTaskId, testSandbox } from '../support/sandbox/run-probe.ts';
import { type Judged, runVerdict } from '../support/sandbox/run-verdict.ts';
import { isMissing, runtimes } from '../support/sandbox/runtimes.ts';
import { smallLimits } from '../support/sandbox/small-limits.ts';
import { waitFor } from '../support/wait-for.ts';

const mebibyte = 1024 * 1024;
const ownerId = `verdict-${process.pid}`;
let image: string;
let inner: DockerSandbox;
let warm: WarmSandboxes;
let stop: AbortController;
let kept: Promise<void>;

beforeAll(async () => {
  image = await probeImage();
  inner = await testSandbox();
});

beforeEach(() => {
  stop = new AbortController();
  const log = { info: () => undefined, warn: console.warn, error: console.error };
  const size = { sandboxes: 1, maxAgeMs: 600_000 };
  warm = new WarmSandboxes({ sandbox: inner, clock: systemClock, log, size, isProven: () => true });
});

afterEach(async () => {
  stop.abort();
  await kept;
});

/** Resolves when one waits that was started for a task with these limits. */
async function waitsFor(runtime: RuntimeClass, limits: Partial<Limits> = {}): Promise<void> {
  warm.want({ ownerId, image, runtime, limits: { ...smallLimits, ...limits } });
  kept = warm.keep(stop.signal);
  await waitFor('a waiting sandbox', () => (warm.waiting === 1 ? true : undefined), 60_000);
}

async function run(judged: Omit<Judged, 'image'>) {
  const assigned: Assigned[] = [];
  const verdict = await runVerdict({ ...judged, image, sandbox: warm, assigned });
  return { ...verdict, isWarm: (assigned[0]?.warm ?? null) !== null };
}

async function residue(): Promise<number> {
  const docker = new Docker({ socketPath: testEngine().socketPath });
  const filters = { label: [`io.sallyport.owner=${ownerId}`] };
  return (await docker.listContainers({ all: true, filters })).length;
}

describe.each(runtimes)('a sandbox that waited, under %s', (runtime) => {
  describe.skipIf(isMissing(runtime))('when the runtime is there', () => {
    test('comes to the same as one that was started for its task', async () => {
      const program = `
        fs.writeFileSync('made.txt', JSON.stringify(process.env) + fs.readdirSync('.') + process.cwd());
        childProcess.spawnSync('/bin/echo', ['x']);
        report();
        process.exit(0);
      `;
      await waitsFor(runtime);
      const first = await run({ runtime, program });
      stop.abort();
      await kept;
      const second = await run({ runtime, program });
      expect([first.isWarm, second.isWarm]).toEqual([true, false]);
      const told = [first, second].map(({ verdict }) =>
        verdict.status === 'result'
          ? [verdict.imageDigest, verdict.result.manifest, [...verdict.result.files]]
          : verdict,
      );
      expect(told[0]).toEqual(told[1]);
      expect(first.verdict.status).toBe('result');
    });

    test('leaves nothing when the runner stops', async () => {
      await waitsFor(runtime);
      expect(await residue()).toBe(1);
      stop.abort();
      await kept;
      expect(await residue()).toBe(0);
    });

    test('ends a process at the memory of its task', async () => {
      const limits = { memoryBytes: 384 * mebibyte };
      // Far above what one may have that waits, and below what its task may have.
      const allocate = (bytes: number): string =>
        `python('x = bytearray(${bytes})\\nprint(len(x))')`;
      const program = `
        const fits = ${allocate(200 * mebibyte)}.stdout.trim();
        fs.writeFileSync('fits', fits);
        const tooMuch = ${allocate(500 * mebibyte)};
        process.exit(tooMuch.signal === 'SIGKILL' ? 5 : 0);
      `;
      await waitsFor(runtime, runtime === 'runsc' ? limits : {});
      const { verdict, isWarm, peaks } = await run({ runtime, program, limits });
      expect(isWarm).toBe(true);
      expect(verdict).toEqual({ status: 'failed', reason: 'limit:memory' });
      expect(peaks?.memoryBytes).toBe(384 * mebibyte);
    });
  });
});

describe('the ceilings of a sandbox that waited, under runc', () => {
  const forks = `
    const code = "import os, errno, signal, time\\nchildren = []\\ntry:\\n  while True:\\n    child = os.fork()\\n    if child == 0: time.sleep(100)\\n    children.append(child)\\nexcept OSError as e: print(len(children), errno.errorcode[e.errno], flush=True)\\nfor child in children: os.kill(child, signal.SIGKILL)";
    fs.writeFileSync('forks', python(code).stdout.trim());
    report();
    process.exit(0);
  `;

  test.each([24, 200])('let %i processes be, and not one more', async (pids) => {
    await waitsFor('runc');
    const { verdict, isWarm } = await run({ runtime: 'runc', program: forks, limits: { pids } });
    expect(isWarm).toBe(true);
    const file = verdict.status === 'result' ? [...verdict.result.files.values()][0] : undefined;
    const [count, reason] = Buffer.from(file ?? [])
      .toString()
      .split(' ');
    expect(reason).toBe('EAGAIN');
    expect(Number(count)).toBeLessThan(pids);
    // The supervisor, strace, the agent and Python's own take some.
    expect(Number(count)).toBeGreaterThan(pids - 30 - pids / 10);
  });

  test('give the processor time of the task, not of waiting', async () => {
    const program = `
      const end = performance.now() + 3_000;
      while (performance.now() < end);
      report();
      process.exit(0);
    `;
    await waitsFor('runc');
    const { isWarm, peaks } = await run({ runtime: 'runc', program, limits: { cpus: 0.1 } });
    expect(isWarm).toBe(true);
    // 3 s of wall time at a tenth, and what it took to start; at the half of waiting it would be 1.5 s more.
    expect(peaks?.cpuMs).toBeLessThan(1_500);
  });
});

describe('a new image', () => {
  test('is what the next task runs, and nothing of the old one waits any more', async () => {
    const docker = new Docker({ socketPath: testEngine().socketPath });
    const [repo, tag] = ['sallyport-warm', `${process.pid}`];
    const [old, next] = [testEngine().workerImage, image];
    await docker.getImage(old).tag({ repo, tag });
    try {
      const spec = {
        ownerId,
        image: `${repo}:${tag}`,
        runtime: 'runc' as const,
        limits: smallLimits,
      };
      warm.want(spec);
      kept = warm.keep(stop.signal);
      await waitFor('a waiting sandbox', () => (warm.waiting === 1 ? true : undefined), 60_000);
      await docker.getImage(next).tag({ repo, tag });
      const running = await warm.start({ ...spec, taskId: freshTaskId() });
      expect([running.warm, running.imageDigest]).toEqual([undefined, next]);
      expect(warm.waiting).toBe(0);
      await running.destroy();
      stop.abort();
      await kept;
    } finally {
      await docker.getImage(`${repo}:${tag}`).remove({ noprune: true });
    }
  });
});
