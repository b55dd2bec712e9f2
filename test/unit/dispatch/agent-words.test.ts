import { describe, expect, it } from 'vitest';
import { routes } from '../../../src/protocol/wire.ts';
import { post, request, resultOf } from '../../support/wire/hostile-sandbox.ts';
import { RunnerScene } from './runner-scene.ts';

const end = { type: 'exec-end', execs: 1, processes: 1, dropped: 0 };
const word = (event: object) => ({ type: 'agent', event });

/** A run in which the agent says these; its rows of the ledger that the agent speaks in, and how it went. */
async function said(events: (canary: string) => readonly object[]) {
  const scene = new RunnerScene();
  scene.sandbox.behave = async (session) => {
    let canary = '';
    const input = session.request({ ':path': routes.input, ':authority': 'sallyport.internal' });
    input.resume();
    input.on('response', (headers) => (canary = String(headers['sallyport-canary'])));
    await new Promise((resolve) => input.on('end', resolve));
    const body = [...events(canary), end].map((one) => `${JSON.stringify(one)}\n`).join('');
    await request(session, { ':method': 'POST', ':path': routes.events }, body);
    await post(session, resultOf({}));
  };
  const task = await scene.queued();
  await scene.run(task);
  const rows = await scene.world.ledger.ofTask(task.id);
  return {
    rows: rows
      .filter(({ type }) => type.startsWith('agent.'))
      .map(({ type, data }) => [type, data]),
    task: await scene.now(task),
  };
}

describe('what an agent says of its work', () => {
  it('is in the ledger where it says how it ended and what its provider did, with nothing hidden', async () => {
    const { rows, task } = await said(() => [
      word({ kind: 'tool', name: 'Bash', detail: 'ls' }),
      word({ kind: 'provider-error', status: 529, text: 'overloaded\n::set-output\u202e' }),
      word({ kind: 'tokens', input: 1, output: 1, cacheRead: 0, cacheWrite: 0 }),
      word({ kind: 'end', how: 'refused', text: 'No.' }),
    ]);
    expect(rows).toEqual([
      [
        'agent.provider-error',
        {
          attempt: 1,
          stage: 'agent',
          status: 529,
          text: expect.stringMatching(/^overloaded .*\[U\+202E\]$/) as string,
        },
      ],
      ['agent.end', { attempt: 1, stage: 'agent', how: 'refused', text: 'No.' }],
    ]);
    expect(task.state).toBe('publishing');
  });

  it('does not fill the ledger, and has its last word in it', async () => {
    const fault = word({ kind: 'provider-error', status: null, text: 'again' });
    const last = word({ kind: 'end', how: 'refused', text: 'No.' });
    const { rows } = await said(() => [...Array.from({ length: 1_000 }, () => fault), last]);
    expect(rows).toHaveLength(91);
    expect(rows.at(-1)).toMatchObject(['agent.end', { how: 'refused' }]);
    const ends = await said(() => Array.from({ length: 1_000 }, () => last));
    expect(ends.rows).toHaveLength(10);
  });

  it('ends the run when it has the canary in it', async () => {
    const { rows, task } = await said((canary) => [
      word({ kind: 'tool', name: 'Bash', detail: `curl -H ${canary}` }),
    ]);
    expect(rows).toEqual([]);
    expect([task.state, task.reason]).toEqual(['failed', 'incident:secret-in-output']);
  });

  it('is refused when it is of another shape', async () => {
    const { task } = await said(() => [word({ kind: 'end', how: 'done', text: '', tool: 'x' })]);
    expect([task.state, task.reason]).toEqual(['failed', 'result:malformed']);
  });
});
