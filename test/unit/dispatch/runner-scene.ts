import { runTask } from '../../../src/dispatch/run-task.ts';
import type { Runner } from '../../../src/dispatch/runner.ts';
import type { Task } from '../../../src/domain/task.ts';
import { FakeSandbox } from '../../support/fakes/fake-sandbox.ts';
import { FakeSource } from '../../support/fakes/fake-source.ts';
import { storedNow, storedTask } from '../../support/fakes/fix-scene.ts';
import { noEgress } from '../../support/fakes/no-egress.ts';
import { promptTexts } from '../../support/fakes/prompt-texts.ts';
import { workerImage } from '../../support/fakes/worker-image.ts';
import { World } from '../../support/fakes/world.ts';

/** A runner with a queued task, whose containers and repository a test arranges. */
export class RunnerScene {
  readonly world = new World();
  readonly sandbox = new FakeSandbox();
  readonly source = new FakeSource();
  readonly stopping = new AbortController();
  readonly runner: Runner = {
    id: 'runner-1',
    ...workerImage,
    sandbox: this.sandbox,
    source: this.source,
    egress: noEgress,
    promptTexts,
  };

  constructor() {
    this.source.head.set('src/a.js', { kind: 'file', text: 'old\n' });
  }

  queued(fields: Partial<Task> = {}): Promise<Task> {
    const task = { outcomeDigest: null, patchDigest: null, ...fields };
    return storedTask(this.world, 'queued', { task, cause: fields.cause ?? 'run' });
  }

  run(task: Task, attempt = task.attempt): Promise<void> {
    const { world, runner } = this;
    const parts = { context: world.context, runner };
    return runTask(parts, { taskId: task.id, attempt }, this.stopping.signal);
  }

  now(task: Task): Promise<Task> {
    return storedNow(this.world, task);
  }

  types(task: Task): readonly string[] {
    return this.world.ledger.entries.filter((e) => e.taskId === task.id).map((e) => e.type);
  }
}
