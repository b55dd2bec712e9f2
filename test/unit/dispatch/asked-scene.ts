import { handleTrigger } from '../../../src/dispatch/handle-trigger.ts';
import { type Task, TaskState } from '../../../src/domain/task.ts';
import type { Source } from '../../../src/ports/source.ts';
import type { TaskInput } from '../../../src/protocol/task-input.ts';
import { number, repository } from '../../support/fakes/world.ts';
import { RunnerScene } from './runner-scene.ts';

type Bundled = {
  readonly input: TaskInput;
  readonly prompt: string | null;
  readonly base: boolean;
};

/** A runner whose review is by an agent that a model leads; what each run was given can be read. */
export class AskedScene extends RunnerScene {
  readonly given: Bundled[] = [];
  readonly limits: Parameters<Source['snapshot']>[2][] = [];

  constructor(agent = 'claude-code') {
    super();
    this.world.setRules('review', { agent });
    const snapshot = this.source.snapshot.bind(this.source);
    this.source.snapshot = async (...parts) => {
      this.limits.push(parts[2]);
      const made = await snapshot(...parts);
      const bundle: typeof made.bundle = (input, extras = {}) => {
        const { prompt = null, base = false } = extras;
        this.given.push({ input, prompt, base });
        return made.bundle(input, extras);
      };
      return { ...made, bundle };
    };
  }

  /** The review that opening the pull request starts. */
  async planned(): Promise<Task> {
    const { world } = this;
    await handleTrigger(world.context, world.pullRequest('opened'));
    const { repositoryId } = repository;
    const [task] = await world.store.tasks.ofPullRequest(repositoryId, number, TaskState.options);
    if (task === undefined) throw new Error('nothing was planned');
    return task;
  }

  async ran(task: Task): Promise<Task> {
    await this.run(task);
    return this.now(task);
  }

  row(type: string): Readonly<Record<string, unknown>> {
    return this.world.ledger.entries.findLast((entry) => entry.type === type)?.data ?? {};
  }
}
