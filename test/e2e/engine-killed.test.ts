import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DockerEngine } from '../../src/adapters/docker/docker-engine.ts';
import { tracesOn } from '../../src/doctor/traces.ts';
import type { LedgerEntry } from '../../src/domain/ledger-entry.ts';
import { systemClock } from '../../src/system-clock.ts';
import { type OwnEngine, startOwnEngine } from '../support/own-engine.ts';
import { isMissing, runtimes } from '../support/sandbox/runtimes.ts';
import { waitFor } from '../support/wait-for.ts';
import { type System, startSystem } from './system.ts';

/** A start of an engine that was killed, and the sweep of the minute after it. */
const sweepTimeoutMs = 180_000;
/** The first sandboxes of an engine whose images have just been loaded. */
const startTimeoutMs = 100_000;
let engine: OwnEngine;

beforeAll(async () => {
  engine = await startOwnEngine();
}, 240_000);
afterAll(async () => {
  await engine.remove();
}, 60_000);

function start(runtime: string): Promise<System> {
  const policy = (text: string) => text.replace(/^runtime: \w+/m, `runtime: ${runtime}`);
  return startSystem({ policy, env: { DOCKER_HOST: `unix://${engine.socketPath}` } });
}

/** The one container of a run that is under way. */
function sandboxOf(system: System): Promise<string> {
  const label = [`io.sallyport.owner=${system.env['SALLYPORT_RUNNER_ID']}`];
  const look = async () => (await engine.docker.listContainers({ filters: { label } }))[0]?.Id;
  return waitFor('the sandbox', look, startTimeoutMs);
}

async function readiness({ app }: System) {
  const response = await fetch(`${app.url}/readyz`);
  return { status: response.status, body: await response.json() };
}

/** Waits for the sweep that tells of `containerId`; then nothing of it may be left on the host. */
async function expectSwept(system: System, containerId: string): Promise<void> {
  const isIt = ({ type, data }: LedgerEntry) =>
    type === 'sandbox.reaped' && data['containerId'] === containerId;
  await waitFor('the sweep', async () => (await system.rows()).find(isIt), sweepTimeoutMs);
  const owner = system.env['SALLYPORT_RUNNER_ID'] ?? '';
  const looker = new DockerEngine({ socketPath: engine.socketPath });
  const findTraces = tracesOn(looker, (ms) => systemClock.after(ms));
  expect(await findTraces({ ownerId: owner, containerId, places: [] })).toEqual([]);
}

describe.each(runtimes)(
  'the engine killed with SIGKILL in the middle of a run under %s',
  (runtime) => {
    describe.skipIf(isMissing(runtime))('when the runtime is there', () => {
      it('and gone for long: one more attempt, then the check ends and says so; nothing is left', async () => {
        const system = await start(runtime);
        try {
          const { headSha } = await system.openSample();
          const containerId = await sandboxOf(system);
          await engine.kill();
          const check = await system.concluded(headSha);
          expect(check.output.summary).toContain('engine.unavailable');
          expect(await readiness(system)).toMatchObject({
            status: 503,
            body: { checks: { engine: { ok: false, error: 'engine.unavailable' } } },
          });
          const types = (await system.rows()).map(({ type }) => type);
          expect(types.filter((type) => type === 'task.requeued')).toHaveLength(1);
          expect(types.filter((type) => type === 'task.ended')).toHaveLength(1);

          await engine.start();
          await expectSwept(system, containerId);
          expect((await readiness(system)).status).toBe(200);
          const { verified } = await system.ledger(check);
          expect(verified).toBe(true);
          expect(system.standIn.violations).toEqual([]);
        } finally {
          await system.stop();
        }
      }, 300_000);
    });
  },
);
