import { describe, expect, it } from 'vitest';
import type { ExecEntry } from '../../../src/protocol/exec-record.ts';
import { routes } from '../../../src/protocol/wire.ts';
import type { Behaviour } from '../../support/fakes/fake-sandbox.ts';
import { post, request, resultOf } from '../../support/wire/hostile-sandbox.ts';
import { RunnerScene } from './runner-scene.ts';

const says =
  (events: readonly object[], next: Behaviour): Behaviour =>
  async (session, running) => {
    await request(session, { ':method': 'GET', ':path': routes.input });
    const body = events.map((event) => `${JSON.stringify(event)}\n`).join('');
    await request(session, { ':method': 'POST', ':path': routes.events }, body);
    await next(session, running);
  };
const postsResult: Behaviour = (session) => post(session, resultOf({}));
const breaks: Behaviour = async (_session, running) => {
  await Promise.resolve();
  running.die();
};

const exec: ExecEntry = {
  kind: 'exec',
  pid: 12,
  parent: 10,
  atMs: 1,
  path: '/bin/echo',
  argv: ['echo', 'a\nb'],
  truncated: false,
};
const exit: ExecEntry = { kind: 'exit', pid: 12, atMs: 2, code: 0, signal: null };
const end = { type: 'exec-end', execs: 1, processes: 1, dropped: 0 };

describe('the record of processes', () => {
  it('is in the ledger batch by batch, before the task goes on', async () => {
    const scene = new RunnerScene();
    const capped = { type: 'exec-capped', entries: 2 };
    const batches = [
      { type: 'exec', batch: [exec] },
      { type: 'exec', batch: [exit] },
    ];
    scene.sandbox.behave = says([...batches, capped, end], postsResult);
    const task = await scene.queued();
    await scene.run(task);
    const rows = await scene.world.ledger.ofTask(task.id);
    const said = rows.filter((row) => row.type.startsWith('sandbox.'));
    const imageDigest = scene.sandbox.started[0]?.imageDigest;
    expect(said.map(({ type, data }) => [type, data])).toEqual([
      [
        'sandbox.assigned',
        {
          attempt: 1,
          stage: 'agent',
          imageDigest,
          warm: false,
          waitedMs: null,
          labelledAs: task.id,
        },
      ],
      ['sandbox.exec', { attempt: 1, stage: 'agent', batch: [exec] }],
      ['sandbox.exec', { attempt: 1, stage: 'agent', batch: [exit] }],
      ['sandbox.exec-capped', { attempt: 1, stage: 'agent', entries: 2 }],
      ['sandbox.exec-end', { attempt: 1, stage: 'agent', execs: 1, processes: 1, dropped: 0 }],
    ]);
    expect((await scene.now(task)).state).toBe('publishing');
  });

  it.each<[string, object[], Behaviour, string]>([
    ['a result without the end of the record', [], postsResult, 'sandbox:no-exec-record'],
    [
      'a record that cannot be made',
      [{ type: 'no-exec-record' }],
      breaks,
      'sandbox:no-exec-record',
    ],
    ['a sandbox that breaks off', [end], breaks, 'sandbox:ended-early'],
    [
      'an entry with a field of its own',
      [{ type: 'exec', batch: [{ ...exec, uid: 0 }] }],
      postsResult,
      'result:malformed',
    ],
    ['an empty batch', [{ type: 'exec', batch: [] }], postsResult, 'result:malformed'],
    [
      'a batch that is too long',
      [{ type: 'exec', batch: Array.from({ length: 101 }, () => exit) }],
      postsResult,
      'result:malformed',
    ],
    [
      'an end in two ways',
      [{ type: 'exec', batch: [{ ...exit, signal: 'SIGKILL' }] }],
      postsResult,
      'result:malformed',
    ],
    [
      'an end in no way',
      [{ type: 'exec', batch: [{ ...exit, code: null }] }],
      postsResult,
      'result:malformed',
    ],
    [
      'half a character',
      [{ type: 'exec', batch: [{ ...exec, argv: ['\ud800'] }] }],
      postsResult,
      'result:malformed',
    ],
    [
      'an argument with NUL',
      [{ type: 'exec', batch: [{ ...exec, argv: ['a\0'] }] }],
      postsResult,
      'result:malformed',
    ],
  ])('fails the task: %s', async (_, events, next, reason) => {
    const scene = new RunnerScene();
    scene.sandbox.behave = says(events, next);
    const task = await scene.queued();
    await scene.run(task);
    expect(await scene.now(task)).toMatchObject({ state: 'failed', reason });
  });

  it('ends the run when the ledger cannot be written', async () => {
    const scene = new RunnerScene();
    const append = scene.world.ledger.append.bind(scene.world.ledger);
    scene.world.ledger.append = (event) =>
      event.type === 'sandbox.exec' ? Promise.reject(new Error('the disk is full')) : append(event);
    scene.sandbox.behave = says([{ type: 'exec', batch: [exec] }, end], postsResult);
    const task = await scene.queued();
    await scene.run(task);
    expect(await scene.now(task)).toMatchObject({ state: 'failed', reason: 'internal' });
    expect(scene.sandbox.started.map((running) => running.isDestroyed)).toEqual([true]);
  });
});
