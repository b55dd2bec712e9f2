import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import Docker from 'dockerode';
import { describe, expect, it } from 'vitest';
import { testEngine } from '../support/engine.ts';
import { waitFor } from '../support/wait-for.ts';
import { repo, type System, startSystem } from './system.ts';

const docker = (): Docker => new Docker({ socketPath: testEngine().socketPath });

async function ownContainers(system: System): Promise<string[]> {
  const label = [`io.sallyport.owner=${system.env['SALLYPORT_RUNNER_ID']}`];
  const found = await docker().listContainers({ all: true, filters: { label } });
  return found.map((container) => container.Id);
}

async function expectOneOfEach(system: System, number: number, headSha: string): Promise<void> {
  const check = await system.concluded(headSha);
  expect(system.checks(headSha)).toHaveLength(1);
  expect(system.standIn.reviews(repo, number).length).toBeLessThanOrEqual(1);
  expect((await system.ledger(check)).verified).toBe(true);
  expect(system.standIn.violations).toEqual([]);
}

describe('faults in the middle', () => {
  it('a runner killed with SIGKILL: its container goes, its task runs once more, one check, one review', async () => {
    const system = await startSystem();
    try {
      const { number, headSha } = await system.openSample();
      await waitFor('the sandbox', async () =>
        (await ownContainers(system)).length > 0 ? true : undefined,
      );
      const ended = once(system.app.child, 'exit');
      system.app.child.kill('SIGKILL');
      await ended;
      const left = await ownContainers(system);
      expect(left).toHaveLength(1);
      await system.restart();
      await expectOneOfEach(system, number, headSha);
      expect(await ownContainers(system)).toEqual([]);
      const { entries } = await system.ledger(await system.concluded(headSha));
      expect(entries.filter((entry) => entry.type === 'task.requeued')).toHaveLength(1);
      expect(entries.filter((entry) => entry.type === 'task.publishing')).toHaveLength(1);
    } finally {
      await system.stop();
    }
  });

  it('Redis killed in the middle of a run: the check still concludes, once', async () => {
    const system = await startSystem();
    try {
      const { number, headSha } = await system.openSample();
      await waitFor('the sandbox', async () =>
        (await ownContainers(system)).length > 0 ? true : undefined,
      );
      process.kill(await embeddedRedisPid(system), 'SIGKILL');
      await expectOneOfEach(system, number, headSha);
    } finally {
      await system.stop();
    }
  });

  it('Redis down: the delivery is answered with 5xx, and succeeds when it is sent again', async () => {
    const port = await freePort();
    const redis = await startRedis(port);
    const system = await startSystem({ env: { REDIS_URL: `redis://127.0.0.1:${port}` } });
    try {
      await stopped(redis);
      const { number, headSha } = await system.openSample();
      const delivery = system.standIn.deliveries.find((one) => one.event === 'pull_request');
      expect(delivery?.statusCode).toBeGreaterThanOrEqual(500);
      expect(await status(`${system.app.url}/readyz`)).toBe(503);
      expect(await status(`${system.app.url}/healthz`)).toBe(200);
      const again = await startRedis(port);
      await waitFor('readiness', async () =>
        (await status(`${system.app.url}/readyz`)) === 200 ? true : undefined,
      );
      await system.standIn.redeliver(delivery?.id ?? 0);
      await expectOneOfEach(system, number, headSha);
      await system.app.stop();
      await stopped(again);
    } finally {
      await system.stop();
    }
  });

  it.each([
    ['before', 'POST', /\/check-runs$/],
    ['after', 'POST', /\/check-runs$/],
    ['after', 'POST', /\/pulls\/\d+\/reviews$/],
    ['after', 'PATCH', /\/check-runs\/\d+$/],
    ['before', 'PATCH', /\/check-runs\/\d+$/],
  ] as const)(
    'GitHub breaks the connection %s the effect of %s %s: nothing twice, nothing missing',
    async (when, method, path) => {
      const system = await startSystem();
      try {
        system.standIn.fault({ method, path, when });
        const { number, headSha } = await system.openSample();
        await expectOneOfEach(system, number, headSha);
        expect(system.standIn.reviews(repo, number)).toHaveLength(1);
        expect(system.standIn.unmetFaults).toBe(0);
      } finally {
        await system.stop();
      }
    },
  );

  it('a forged signature reaches nothing', async () => {
    const system = await startSystem();
    try {
      const { headSha } = await system.openSample();
      const check = await system.concluded(headSha);
      const before = (await system.ledger(check)).entries.length;
      const real = system.standIn.deliveries.find((one) => one.event === 'pull_request');
      const response = await fetch(system.standIn.webhookUrl ?? '', {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-github-event': 'pull_request',
          'x-github-delivery': 'a3a1ab2c-0000-4000-8000-000000000000',
          'x-hub-signature-256': `sha256=${'0'.repeat(64)}`,
        },
        body: real?.body ?? '{}',
      });
      expect(response.status).toBeGreaterThanOrEqual(400);
      expect(response.status).toBeLessThan(500);
      expect((await system.ledger(check)).entries).toHaveLength(before);
    } finally {
      await system.stop();
    }
  });
});

async function embeddedRedisPid(system: System): Promise<number> {
  const folder = join(system.env['SALLYPORT_DATA'] ?? '', 'redis');
  const name = (await readdir(folder)).find((file) => file.endsWith('.pid'));
  return Number(await readFile(join(folder, name ?? ''), 'utf8'));
}

async function startRedis(port: number) {
  const child = spawn(
    'redis-server',
    [
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--save',
      '',
      '--maxmemory-policy',
      'noeviction',
    ],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  for await (const chunk of child.stdout) if (String(chunk).includes('Ready to accept')) break;
  child.stdout.resume();
  return child;
}

async function stopped(child: Awaited<ReturnType<typeof startRedis>>): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function status(url: string): Promise<number> {
  return (await fetch(url)).status;
}
