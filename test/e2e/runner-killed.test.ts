import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Docker from 'dockerode';
import { expect, it } from 'vitest';
import { DockerEngine } from '../../src/adapters/docker/docker-engine.ts';
import { tracesOn } from '../../src/doctor/traces.ts';
import { systemClock } from '../../src/system-clock.ts';
import { testEngine } from '../support/engine.ts';
import { waitFor } from '../support/wait-for.ts';
import { startSystem } from './system.ts';

/** Command lines of processes that name `text`. */
async function processesNaming(text: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    // A process that has ended meanwhile is not left behind.
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  return lines.filter((line) => line.includes(text));
}

it('a runner killed with SIGKILL leaves no container, cgroup, mount, process or temporary file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-killed-'));
  // So long that the embedded Redis has its socket in a temporary folder.
  const dataDir = join(folder, 'x'.repeat(100));
  const env = { SALLYPORT_DATA: dataDir, TMPDIR: folder };
  const system = await startSystem({ env });
  const owner = system.env['SALLYPORT_RUNNER_ID'] ?? '';
  const { socketPath } = testEngine();
  const filters = { label: [`io.sallyport.owner=${owner}`] };
  const docker = new Docker({ socketPath });
  try {
    const { headSha } = await system.openSample();
    const containerId = await waitFor('the sandbox', async () => {
      // The probe has been removed by now: what runs is the task's.
      const [running] = await docker.listContainers({ filters });
      return running?.Id;
    });
    const ended = once(system.app.child, 'exit');
    system.app.child.kill('SIGKILL');
    await ended;
    await waitFor('the end of its processes', async () =>
      (await processesNaming(folder)).length === 0 ? true : undefined,
    );

    await system.restart();
    const check = await system.concluded(headSha);
    const reaped = (await system.rows()).filter(({ type }) => type === 'sandbox.reaped');
    const taskId = check.externalId;
    const data = { containerId, ownerId: owner, runnerId: owner, why: 'unwanted' };
    expect(reaped).toMatchObject([{ taskId, data }]);
    const looker = new DockerEngine({ socketPath });
    const findTraces = tracesOn(looker, (ms) => systemClock.after(ms));
    expect(await findTraces({ ownerId: owner, containerId, places: [] })).toEqual([]);
    expect((await system.ledger(check)).verified).toBe(true);

    await system.app.stop();
    expect(await processesNaming(folder)).toEqual([]);
    expect(await readdir(folder)).toEqual(['x'.repeat(100)]);
  } finally {
    await system.stop();
    await rm(folder, { recursive: true, force: true });
  }
}, 400_000);
