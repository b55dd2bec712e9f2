import { describe, expect, it } from 'vitest';
import { ProgressKeeper } from '../../../src/dispatch/progress-keeper.ts';
import type { Task } from '../../../src/domain/task.ts';
import type { SandboxEvent } from '../../../src/protocol/event.ts';
import { headSha, repository, World } from '../../support/fakes/world.ts';
import { sampleTask } from '../../support/report/samples.ts';

const says = (text: string): SandboxEvent => ({ type: 'progress', text });
const exec = (pid: number) => ({
  kind: 'exec' as const,
  pid,
  parent: 1,
  atMs: 1,
  path: '/bin/x',
  argv: ['x'],
  truncated: false,
});

class Scene {
  readonly world = new World();
  readonly outputs: string[] = [];
  id = 0;

  async begin(fields: Partial<Task> = {}): Promise<ProgressKeeper> {
    const { github } = this.world;
    this.id = await github.checkRuns.create(repository, {
      name: 'sallyport',
      headSha,
      externalId: 't1',
      state: { status: 'in_progress' },
      output: { title: 'Running', summary: 'x' },
    });
    const tell = github.checkRuns.tell.bind(github.checkRuns);
    github.checkRuns.tell = async (...parts) => {
      await tell(...parts);
      this.outputs.push(parts[2].summary);
    };
    return new ProgressKeeper(
      this.world.context,
      sampleTask({ repository, checkRunId: this.id, ...fields }),
    );
  }

  /** Sees an event after some seconds, and lets what comes of it happen. */
  async after(seconds: number, keeper: ProgressKeeper, event: SandboxEvent): Promise<void> {
    await this.world.clock.advance(seconds * 1_000);
    keeper.see(event);
    await this.world.clock.advance(0);
  }
}

describe('the progress of a task', () => {
  it('is what tool an agent uses, as far as it says so', async () => {
    const scene = new Scene();
    const keeper = await scene.begin();
    keeper.see({ type: 'agent', event: { kind: 'tool', name: 'Bash', detail: 'npm test' } });
    await scene.after(20, keeper, { type: 'agent', event: { kind: 'cost', costMicroUsd: 5 } });
    expect(scene.outputs).toEqual([]);
    const edit = { kind: 'tool', name: 'Edit', detail: '@everyone' } as const;
    await scene.after(20, keeper, { type: 'agent', event: edit });
    expect(scene.outputs).toHaveLength(1);
    expect(scene.outputs[0]).toContain('Last said: Edit');
    expect(scene.outputs[0]).not.toContain('@everyone');
  });

  it('is told with phase, time, the last action and how many programs ran, and leaves the state', async () => {
    const scene = new Scene();
    const keeper = await scene.begin();
    keeper.see({ type: 'phase', phase: 'running' });
    keeper.see({ type: 'exec', batch: [exec(2), exec(3)] });
    await scene.after(20, keeper, says('Reading @everyone <!-- x -->'));
    expect(scene.outputs).toHaveLength(1);
    const [summary = ''] = scene.outputs;
    expect(summary).toContain('The agent works, after 20 s.');
    expect(summary).toContain('2 programs started.');
    expect(summary).toContain('Last said: Reading @&#8203;everyone');
    expect(summary).not.toContain('<!--');
    expect(scene.world.github.runs.get(scene.id)?.state).toEqual({ status: 'in_progress' });
  });

  it('is told with a phase alone when nothing else is known', async () => {
    const scene = new Scene();
    const keeper = await scene.begin();
    await scene.after(20, keeper, { type: 'phase', phase: 'collecting' });
    expect(scene.outputs[0]).toMatch(
      /^Collecting the result, after 20 s\.\n\nRunning in a sandbox/,
    );
  });

  it('is told every fifteen seconds at most, and only when there is something new', async () => {
    const scene = new Scene();
    const keeper = await scene.begin();
    for (let second = 0; second < 60; second += 1) await scene.after(1, keeper, says(`${second}`));
    expect(scene.outputs).toHaveLength(4);
    await scene.after(60, keeper, { type: 'log', stream: 'stdout', text: 'x' });
    expect(scene.outputs).toHaveLength(4);
  });

  it('is not told any more once it has stopped, which waits for what is on its way', async () => {
    const scene = new Scene();
    const keeper = await scene.begin();
    const answer = Promise.withResolvers<void>();
    const tell = scene.world.github.checkRuns.tell.bind(scene.world.github.checkRuns);
    scene.world.github.checkRuns.tell = async (...parts) => {
      await answer.promise;
      await tell(...parts);
    };
    await scene.after(20, keeper, says('a'));
    await scene.after(20, keeper, says('b'));
    const stopped = keeper.stop().then(() => [...scene.outputs]);
    answer.resolve();
    expect(await stopped).toHaveLength(1);
    await scene.after(60, keeper, says('c'));
    expect(scene.outputs).toHaveLength(1);
  });

  it('holds nothing up when GitHub is away, and says nothing where there is no check', async () => {
    const scene = new Scene();
    const keeper = await scene.begin();
    scene.world.github.checkRuns.tell = () => Promise.reject(new Error('away'));
    await scene.after(20, keeper, says('a'));
    await keeper.stop();
    const without = await scene.begin({ checkRunId: null });
    await scene.after(20, without, says('a'));
    expect(scene.outputs).toEqual([]);
  });
});
