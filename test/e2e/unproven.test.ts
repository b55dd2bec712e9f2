import Docker from 'dockerode';
import { expect, it } from 'vitest';
import { testEngine } from '../support/engine.ts';
import { weakenedImage } from '../support/sandbox/weakened-image.ts';
import { waitFor } from '../support/wait-for.ts';
import { type System, startSystem } from './system.ts';

/** Rounds of the guard while something is wrong, 15 s each, and the wait of a job that was put back. */
const nextRoundMs = 200_000;
const name = `unproven-${process.pid}`;
const docker = (): Docker => new Docker({ socketPath: testEngine().socketPath });

async function readiness({ app }: System): Promise<{ status: number; checks: unknown }> {
  const response = await fetch(`${app.url}/readyz`);
  const { checks } = (await response.json()) as { checks: unknown };
  return { status: response.status, checks };
}

it('takes no work while a sandbox is not what it should be, says why, and goes on when it is', async () => {
  // Its agent would be root, and cannot be: nothing that the engine is told differs.
  const lines = ['RUN sed -i "s/^agent:x:1000:1000:/agent:x:0:0:/" /etc/passwd'];
  await weakenedImage(name, { lines });
  const image = `sallyport-weakened:${name}`;
  const system = await startSystem({ env: { SALLYPORT_WORKER_IMAGE: image } });
  try {
    expect(await readiness(system)).toMatchObject({
      status: 503,
      checks: { runtime: { ok: false, error: 'engine.unproven' }, engine: { ok: true } },
    });
    const { headSha } = await system.openSample();
    await waitFor('the check', () => system.checks(headSha)[0]);
    const rows = await system.rows();
    expect(rows.map(({ type }) => type)).not.toContain('task.preparing');
    const why = rows.find(({ type }) => type === 'runtime.unproven')?.data['failures'];
    expect(JSON.stringify(why)).toContain('the probe did not say ids');

    const { workerImage } = testEngine();
    await docker().getImage(workerImage).tag({ repo: 'sallyport-weakened', tag: name });
    const check = await system.concluded(headSha, 'sallyport', nextRoundMs);
    expect((await system.ledger(check)).verified).toBe(true);
    const types = (await system.rows()).map(({ type }) => type);
    expect(types.indexOf('runtime.proven')).toBeGreaterThan(types.indexOf('runtime.unproven'));
    expect(types.indexOf('task.preparing')).toBeGreaterThan(types.indexOf('runtime.proven'));
    expect((await readiness(system)).status).toBe(200);
  } finally {
    await system.stop();
    await docker().getImage(image).remove();
  }
}, 400_000);
