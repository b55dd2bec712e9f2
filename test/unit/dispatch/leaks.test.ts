import { describe, expect, it } from 'vitest';
import { handleTrigger } from '../../../src/dispatch/handle-trigger.ts';
import { settleTask } from '../../../src/dispatch/settle-task.ts';
import type { Task } from '../../../src/domain/task.ts';
import { SallyportError } from '../../../src/errors.ts';
import { canaryHeader, routes } from '../../../src/protocol/wire.ts';
import { answers, type Behaviour } from '../../support/fakes/fake-sandbox.ts';
import { World } from '../../support/fakes/world.ts';
import { sampleFinding } from '../../support/report/samples.ts';
import { post, request, resultOf, write } from '../../support/wire/hostile-sandbox.ts';
import { RunnerScene } from './runner-scene.ts';

const token = ['ghp', 'q7Zr2KdW9xLm4Tb8Vc1Nf6Hj3Gs5Py0RkEaU'].join('_');
const own = 'the webhook secret of this installation';

/** Takes its input, and does with the canary what `use` says. */
function withCanary(
  use: (canary: string) => { readonly events?: readonly object[]; readonly result?: string },
): Behaviour {
  return async (session) => {
    const input = session.request({ ':path': routes.input, ':authority': 'sallyport.internal' });
    input.resume();
    const canary = await new Promise<string>((resolve) => {
      input.once('response', (headers) => resolve(String(headers[canaryHeader])));
    });
    const { events = [], result = resultOf({}) } = use(canary);
    const all = [...events, { type: 'exec-end', execs: 1, processes: 1, dropped: 0 }];
    const body = all.map((event) => `${JSON.stringify(event)}\n`).join('');
    await request(session, { ':method': 'POST', ':path': routes.events }, body);
    await post(session, result);
  };
}

function reporting(message: string, fields: object = {}): string {
  const finding = { ...sampleFinding({ path: 'src/a.js' }), message, ...fields };
  return resultOf({ report: { findings: [finding], tools: [], toolErrors: [] } });
}

/** Runs a task to its end on GitHub; everything that became visible or was stored, as one text. */
async function lived(scene: RunnerScene): Promise<{ task: Task; everything: string }> {
  const queued = await scene.queued();
  await scene.run(queued);
  await settleTask(scene.world.context, queued.id);
  const { github, store, ledger } = scene.world;
  const artifacts = [...store.artifacts.rows.values()].map((bytes) =>
    Buffer.from(bytes).toString('utf8'),
  );
  const shown = [[...github.runs.values()], github.reviews, github.comments, ledger.entries];
  const task = await scene.now(queued);
  return { task, everything: JSON.stringify([...shown, artifacts, task]) };
}

function incidents(scene: RunnerScene) {
  const { entries } = scene.world.ledger;
  return entries.filter(({ type }) => type === 'incident.raised').map(({ data }) => data);
}

/** A result whose report has this beside its lists. */
function saying(part: object): string {
  return resultOf({ report: { findings: [], tools: [], toolErrors: [], ...part } });
}

describe('a secret in what a sandbox hands out', () => {
  it.each([
    ['a finding', 'finding', 'github-token', reporting(`look: ${token}`), token],
    [
      'a place that a finding is related to',
      'finding',
      'github-token',
      reporting('look', { related: [{ path: 'src/a.js', message: token }] }),
      token,
    ],
    [
      'a fix',
      'patch',
      'github-token',
      reporting('look', {
        fix: { edits: [{ startLine: 1, startColumn: 1, endLine: 1, newText: token }] },
      }),
      token,
    ],
    [
      'a tool’s error',
      'tool',
      'github-token',
      resultOf({
        report: { findings: [], tools: [], toolErrors: [{ tool: 'x', message: token }] },
      }),
      token,
    ],
    [
      'an opinion',
      'finding',
      'github-token',
      saying({ opinions: [{ id: 'a', verdict: 'unsure', reason: token }] }),
      token,
    ],
    [
      'an answer to an issue',
      'finding',
      'github-token',
      saying({ triage: { labels: ['bug'], answer: token } }),
      token,
    ],
    [
      'what a command printed',
      'tool',
      'github-token',
      saying({ commands: [{ name: 'test', exitCode: 1, signal: null, ms: 1, output: token }] }),
      token,
    ],
    [
      'an added line',
      'patch',
      'github-token',
      resultOf({ changes: [write('src/a.js', token.length + 5)] }, `old\n${token}\n`),
      token,
    ],
    ['a path', 'path', 'github-token', resultOf({ changes: [write(`a/${token}`, 1)] }, 'x'), token],
    ['our own secret', 'finding', 'own-secret', reporting(own), own],
  ])('withholds all of it: %s', async (_what, where, rule, result, secret) => {
    const scene = new RunnerScene();
    const runner = { ...scene.runner, ownSecrets: [own] };
    Object.assign(scene, { runner });
    scene.sandbox.behave = withCanary(() => ({ result }));
    const { task, everything } = await lived(scene);
    expect(task).toMatchObject({ state: 'failed', reason: 'incident:secret-in-output' });
    expect(incidents(scene)).toMatchObject([{ where, rule }]);
    expect(everything).not.toContain(secret);
    const [check] = scene.world.github.runs.values();
    expect(check).toMatchObject({
      state: { status: 'completed', conclusion: 'failure' },
      output: { title: 'Secret in the output' },
    });
  });

  it('is not the task’s when the file had it before', async () => {
    const scene = new RunnerScene();
    scene.source.head.set('src/a.js', { kind: 'file', text: `${token}\nold\n` });
    const text = `${token}\nnew\n`;
    scene.sandbox.behave = answers({ changes: [write('src/a.js', text.length)] }, text);
    const { task } = await lived(scene);
    expect(task.reason).toBeNull();
    expect(incidents(scene)).toEqual([]);
  });

  it('counts as new in a file that is too large to compare: to compare it would take for ever', async () => {
    const scene = new RunnerScene();
    const text = `${token}\n${'x\n'.repeat(1024 * 1024)}`;
    scene.source.head.set('src/a.js', { kind: 'file', text });
    const after = `${text}y`;
    scene.sandbox.behave = answers({ changes: [write('src/a.js', after.length)] }, after);
    const { task } = await lived(scene);
    expect(task.reason).toBe('incident:secret-in-output');
  });

  it('is not looked for in what it was before, where there is none in what it is', async () => {
    const scene = new RunnerScene();
    const text = 'x\n'.repeat(1024 * 1024);
    scene.source.head.set('src/a.js', { kind: 'file', text });
    const after = `${text}y`;
    scene.sandbox.behave = answers({ changes: [write('src/a.js', after.length)] }, after);
    const { task } = await lived(scene);
    expect(task.reason).toBeNull();
  });

  it.each([
    ['one of the runner', [own], []],
    ['one of the operator', [], [own]],
    ['a part of one', [], [JSON.stringify({ a: own })]],
  ])('ends the run by an event: %s', async (_what, ownSecrets, secrets) => {
    const scene = new RunnerScene();
    const credentials = new Map(secrets.map((secret) => ['key', () => secret] as const));
    const egress = { ...scene.runner.egress, credentials };
    Object.assign(scene, { runner: { ...scene.runner, ownSecrets, egress } });
    const events = [{ type: 'log', stream: 'stdout', text: `found ${own}` }];
    scene.sandbox.behave = withCanary(() => ({ events }));
    const { task, everything } = await lived(scene);
    expect(task).toMatchObject({ state: 'failed', reason: 'incident:secret-in-output' });
    expect(incidents(scene)).toMatchObject([{ where: 'event', rule: 'own-secret' }]);
    expect(everything).not.toContain(own);
  });

  it('is not looked for where a credential cannot be read: nothing goes out', async () => {
    const scene = new RunnerScene();
    const credentials = new Map([['key', () => Promise.reject(new Error('no file'))]]);
    const runner = { ...scene.runner, egress: { ...scene.runner.egress, credentials } };
    Object.assign(scene, { runner });
    scene.sandbox.behave = answers({});
    const { task } = await lived(scene);
    expect(task.state).toBe('failed');
  });
});

describe('the canary', () => {
  const seen: Record<string, (canary: string) => ReturnType<Parameters<typeof withCanary>[0]>> = {
    'in a finding': (canary) => ({ result: reporting(`env: ${canary}`) }),
    'in a finding, in base64': (canary) => ({
      result: reporting(Buffer.from(`A=${canary}`).toString('base64')),
    }),
    'in what was printed': (canary) => ({
      events: [{ type: 'log', stream: 'stdout', text: `DEPLOY_TOKEN=${canary}` }],
    }),
  };
  it.each(Object.entries(seen))('%s ends the task and is stored nowhere', async (_where, use) => {
    const scene = new RunnerScene();
    const canaries: string[] = [];
    scene.sandbox.behave = withCanary((canary) => {
      canaries.push(canary);
      return use(canary);
    });
    const { task, everything } = await lived(scene);
    expect(task).toMatchObject({ state: 'failed', reason: 'incident:secret-in-output' });
    expect(incidents(scene)).toMatchObject([{ rule: 'canary' }]);
    expect(canaries).toEqual([expect.stringMatching(/^dk[0-9a-f]{40}$/)]);
    expect(everything).not.toContain(canaries[0]);
  });

  it('ends the run at the first request that carries it, before the broker hears of it', async () => {
    const scene = new RunnerScene();
    scene.sandbox.behave = async (session, running) => {
      const input = session.request({ ':path': routes.input, ':authority': 'sallyport.internal' });
      input.resume();
      input.once('response', (headers) => {
        const path = `/?q=${String(headers[canaryHeader])}`;
        void request(session, { ':authority': 'example.com', ':scheme': 'http', ':path': path });
      });
      await running.ended();
    };
    const { task } = await lived(scene);
    expect(task.reason).toBe('incident:secret-in-output');
    expect(incidents(scene)).toMatchObject([{ rule: 'canary', where: 'egress' }]);
    expect(scene.world.ledger.types().join()).not.toContain('egress.');
  });

  it('is an incident also when the engine fails afterwards', async () => {
    const scene = new RunnerScene();
    const behave = withCanary((canary) => ({
      events: [{ type: 'log', stream: 'stdout', text: canary }],
    }));
    scene.sandbox.behave = (session, running) => {
      const destroy = running.destroy.bind(running);
      running.destroy = async () => {
        await destroy();
        throw new SallyportError('engine.unavailable', 'away');
      };
      return behave(session, running);
    };
    const { task } = await lived(scene);
    expect(task).toMatchObject({ state: 'failed', reason: 'incident:secret-in-output' });
    expect(incidents(scene)).toMatchObject([{ rule: 'canary', where: 'event' }]);
  });

  it('is another one each time, and no part of the input', async () => {
    const scene = new RunnerScene();
    const canaries = new Set<string>();
    scene.sandbox.behave = withCanary((canary) => {
      canaries.add(canary);
      return {};
    });
    const digests = new Set<unknown>();
    for (const cause of ['one', 'two']) {
      const task = await scene.queued({ cause: cause as never });
      await scene.run(task);
      digests.add((await scene.now(task)).inputDigest === null);
    }
    expect(canaries.size).toBe(2);
    expect([...digests]).toEqual([false]);
  });
});

it('an answer with a secret in it is withheld', async () => {
  const world = new World();
  const trigger = world.comment('maintainer', `/sallyport run fix\n/sallyport status`);
  const reason = `runner: ${token}`;
  await handleTrigger(world.context, trigger);
  const [task] = await world.store.tasks.inStates(['queued'], 1);
  if (task === undefined) throw new Error('no task was planned');
  await world.store.tasks.transition(task.id, ['queued'], 'failed', { reason });
  await handleTrigger(world.context, world.comment('maintainer', '/sallyport status'));
  expect(world.github.comments[0]?.body).toContain('The answer is withheld');
  expect(JSON.stringify(world.github.comments)).not.toContain(token);
  expect(world.ledger.types()).toContain('incident.raised');
});
