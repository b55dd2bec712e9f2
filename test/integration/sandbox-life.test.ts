import Docker from 'dockerode';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { DockerSandbox } from '../../src/adapters/docker/docker-sandbox.ts';
import { hasCode } from '../../src/errors.ts';
import type { SandboxSpec } from '../../src/ports/sandbox.ts';
import { testEngine } from '../support/engine.ts';
import { freshTaskId, testSandbox } from '../support/sandbox/run-probe.ts';
import { isMissing, runtimes } from '../support/sandbox/runtimes.ts';
import { smallLimits } from '../support/sandbox/small-limits.ts';

const ownerId = `life-${process.pid}`;
let sandbox: DockerSandbox;
beforeAll(async () => {
  sandbox = await testSandbox();
});
afterEach(async () => {
  await (await testSandbox()).removeOwned(ownerId);
});

function spec(part: Partial<SandboxSpec> = {}): SandboxSpec {
  const { workerImage: image } = testEngine();
  const blank = { taskId: freshTaskId(), ownerId, image, runtime: 'runc', limits: smallLimits };
  return { ...blank, ...part } as SandboxSpec;
}

async function residue(): Promise<number> {
  const docker = new Docker({ socketPath: testEngine().socketPath });
  const filters = { label: [`io.sallyport.owner=${ownerId}`] };
  return (await docker.listContainers({ all: true, filters })).length;
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => new Error('nothing was refused'),
    (reason: unknown) => reason,
  );
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}

describe.each(runtimes)('a container under %s', (runtime) => {
  describe.skipIf(isMissing(runtime))('when the runtime is there', () => {
    test('names the image that runs and waits blank for its input', async () => {
      const running = await sandbox.start(spec({ runtime }));
      expect(running.imageDigest).toBe(testEngine().workerImage);
      await running.destroy();
    });

    test('is gone without residue after destroy, which may be called again', async () => {
      const running = await sandbox.start(spec({ runtime }));
      await Promise.all([running.destroy(), running.destroy()]);
      await running.destroy();
      expect(await residue()).toBe(0);
      expect((await running.ended()).exitCode).not.toBe(0);
    });

    test('ends by itself when the control plane is gone', async () => {
      const running = await sandbox.start(spec({ runtime }));
      running.stderr.resume();
      running.wire.destroy();
      expect((await running.ended()).exitCode).toBe(1);
    });
  });
});

describe('the engine adapter', () => {
  test('names a missing image and leaves nothing', async () => {
    const image = 'sallyport-no-such-image:none';
    expect(await codeOf(sandbox.start(spec({ image })))).toBe('engine.missing-image');
    expect(await residue()).toBe(0);
  });

  test('names a missing runtime and leaves nothing', async () => {
    const runtime = 'kata' as 'runc';
    expect(await codeOf(sandbox.start(spec({ runtime })))).toBe('engine.missing-runtime');
    expect(await residue()).toBe(0);
  });

  test('leaves nothing when the engine refuses to start', async () => {
    const limits = { ...smallLimits, memoryBytes: 1 };
    const error: unknown = await sandbox.start(spec({ limits })).catch((reason: unknown) => reason);
    expect(hasCode(error, 'engine.failed')).toBe(true);
    expect(await residue()).toBe(0);
  });

  test('says when no engine answers', async () => {
    const docker = { socketPath: '/nowhere/docker.sock' };
    const nowhere = new DockerSandbox({ docker, seccompProfile: '{}' });
    expect(await codeOf(nowhere.ping())).toBe('engine.unavailable');
    expect(await codeOf(nowhere.start(spec()))).toBe('engine.unavailable');
    expect(await codeOf(nowhere.removeOwned(ownerId))).toBe('engine.unavailable');
  });

  test('refuses a seccomp profile that is not JSON', () => {
    const docker = { socketPath: testEngine().socketPath };
    expect(() => new DockerSandbox({ docker, seccompProfile: 'unconfined' })).toThrow(SyntaxError);
  });
});
