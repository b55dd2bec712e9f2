import { describe, expect, it } from 'vitest';
import { taskIdFor } from '../../../src/domain/ids.ts';
import type { LedgerEvent } from '../../../src/domain/ledger-entry.ts';
import { SallyportError } from '../../../src/errors.ts';
import type { Sandbox, SandboxSpec } from '../../../src/ports/sandbox.ts';
import { RunnerScene } from './runner-scene.ts';

const warm = { labelledAs: taskIdFor('x', 'warm'), waitedMs: 1_234 };

/** A runner all of whose sandboxes had been waiting. */
class WarmScene extends RunnerScene {
  constructor() {
    super();
    const { sandbox } = this;
    const start = async (spec: SandboxSpec) => Object.assign(await sandbox.start(spec), { warm });
    const parts: Sandbox = {
      start,
      removeOwned: sandbox.removeOwned.bind(sandbox),
      removeExpired: sandbox.removeExpired.bind(sandbox),
      ping: sandbox.ping.bind(sandbox),
    };
    Object.assign(this.runner, { sandbox: parts });
  }
}

describe('the record of an attempt', () => {
  it.each([
    ['that waited', new WarmScene(), { warm: true, ...warm }],
    ['that was started for it', new RunnerScene(), { warm: false, waitedMs: null }],
  ])('names its sandbox, one %s', async (_what, scene, said) => {
    const task = await scene.queued();
    await scene.run(task);
    const rows = await scene.world.ledger.ofTask(task.id);
    const [assigned, ...more] = rows.filter(({ type }) => type === 'sandbox.assigned');
    const { imageDigest } = scene.sandbox.started[0] ?? {};
    expect(assigned?.data).toEqual({
      attempt: 1,
      stage: 'agent',
      imageDigest,
      labelledAs: task.id,
      ...said,
    });
    expect(more).toEqual([]);
    expect((await scene.now(task)).state).toBe('publishing');
  });

  it('without its sandbox is no record: what it came to is not taken', async () => {
    const scene = new RunnerScene();
    const { ledger } = scene.world;
    const append = ledger.append.bind(ledger);
    ledger.append = (event: LedgerEvent) =>
      event.type === 'sandbox.assigned'
        ? Promise.reject(new SallyportError('store.unavailable', 'planned'))
        : append(event);
    const task = await scene.queued();
    await scene.run(task);
    const { state, attempt } = await scene.now(task);
    expect([state, attempt]).toEqual(['queued', 2]);
    expect(scene.sandbox.started[0]?.isDestroyed).toBe(true);
  });
});
