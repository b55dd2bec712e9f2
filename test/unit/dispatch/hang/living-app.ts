import { catchUpDeliveries } from '../../../../src/dispatch/catch-up-deliveries.ts';
import { catchUpHeads } from '../../../../src/dispatch/catch-up-heads.ts';
import type { Context } from '../../../../src/dispatch/context.ts';
import { handleTrigger } from '../../../../src/dispatch/handle-trigger.ts';
import { reconcile, recoverRunner } from '../../../../src/dispatch/recover.ts';
import { runTask } from '../../../../src/dispatch/run-task.ts';
import type { Runner } from '../../../../src/dispatch/runner.ts';
import { settleTask } from '../../../../src/dispatch/settle-task.ts';
import { Turns } from '../../../../src/dispatch/turns.ts';
import { type Digest, digestOf } from '../../../../src/domain/ids.ts';
import { SallyportError } from '../../../../src/errors.ts';
import type { PolicyFault } from '../../../../src/policy/fault.ts';
import type { LoadedPolicy } from '../../../../src/policy/policies.ts';
import { rulesOf } from '../../../../src/policy/rules-of.ts';
import { Postponed } from '../../../../src/ports/queue.ts';
import { answers, FakeSandbox } from '../../../support/fakes/fake-sandbox.ts';
import { FakeSource } from '../../../support/fakes/fake-source.ts';
import { Died, Fuse, mortal } from '../../../support/fakes/mortal.ts';
import { noEgress } from '../../../support/fakes/no-egress.ts';
import { promptTexts } from '../../../support/fakes/prompt-texts.ts';
import { workerImage } from '../../../support/fakes/worker-image.ts';
import type { RecordedQueue, World } from '../../../support/fakes/world.ts';
import { write } from '../../../support/wire/hostile-sandbox.ts';
import { GitHubEvents } from './github-events.ts';

const fault: PolicyFault = {
  code: 'loosens',
  path: 'limits.pids',
  message: '4096 is more than 512, the ceiling above',
  at: { layer: 'repository', file: '.github/sallyport.yml', line: 2, column: 17 },
};

function withLint({ policy }: LoadedPolicy): LoadedPolicy {
  const tasks = { ...policy.tasks, lint: rulesOf(policy, 'review') };
  return { policy: { ...policy, tasks }, digest: digestOf('with lint') };
}

/** The queues of the App. */
export type QueueName = 'deliveries' | 'tasks' | 'publish';

const attempts = 8;

/** The App on its queues, one job after the other, in processes that die and are started again. */
export class LivingApp {
  readonly world: World;
  readonly gitHub: GitHubEvents;
  readonly fuse = new Fuse();
  readonly #sandbox = new FakeSandbox();
  readonly #source = new FakeSource();
  readonly #tried = new Map<string, number>();
  readonly #notBeforeMs = new Map<string, number>();
  readonly #policies: Readonly<Record<'plain' | 'more', LoadedPolicy>>;
  readonly #runner: Runner;
  #turns: Turns;

  constructor(world: World) {
    this.world = world;
    this.gitHub = new GitHubEvents(world);
    this.#policies = { plain: world.policy, more: withLint(world.policy) };
    this.#turns = this.#newTurns();
    this.#sandbox.behave = answers({ changes: [write('src/a.js', 4)] }, 'new\n');
    this.#source.head.set('src/a.js', { kind: 'file', text: 'old\n' });
    const ports = { sandbox: this.#sandbox, source: this.#source, egress: noEgress, promptTexts };
    this.#runner = { id: 'runner-1', ...workerImage, ...ports };
  }

  /** The pull request is opened, and planned: the App knows the repository. */
  async begin(isFork = false): Promise<void> {
    this.world.setPull({ isFork });
    this.gitHub.open();
    await this.deliver(0, true);
    await this.work('deliveries', 0);
  }

  /** A webhook is answered, or lost on the way. */
  async deliver(index: number, isTaken: boolean): Promise<void> {
    const trigger = this.gitHub.arrive(index, isTaken);
    if (trigger !== undefined) await this.world.deliveries.add(trigger.deliveryId, trigger);
  }

  /** Takes one job that is due; `index` chooses among them, since several workers take them in any order. */
  async work(name: QueueName, index: number): Promise<void> {
    const due = this.#due(name);
    const id = due[index % Math.max(due.length, 1)];
    if (id !== undefined) await this.#attempt(name, id);
  }

  /** The same job once more, as when its worker was taken for dead. */
  async workAgain(name: QueueName, index: number): Promise<void> {
    const ids = [...this.#queue(name).jobs.keys()];
    const id = ids[index % Math.max(ids.length, 1)];
    if (id !== undefined) await this.live(() => this.#do(name, id));
  }

  /** Two workers at once, in two processes. */
  async workTwice(name: QueueName): Promise<void> {
    const [one, two] = this.#due(name);
    if (one === undefined || two === undefined) return this.work(name, 0);
    await Promise.all([this.#attempt(name, one), this.#attempt(name, two, this.#newTurns())]);
  }

  /** Whatever the process does in `work`; when it dies of it, another is started. */
  async live(work: () => Promise<unknown>): Promise<'done' | 'again' | 'refused' | Postponed> {
    try {
      await this.#passingTime(work);
      return 'done';
    } catch (error) {
      if (error instanceof Postponed) return error;
      if (error instanceof Died) await this.#restart();
      else if (!(error instanceof SallyportError)) throw error;
      else if (!error.retryable) return 'refused';
      return 'again';
    }
  }

  /** What is in force from now on: as shipped, with one more task that starts by itself, or something that is wrong. */
  setPolicy(which: 'plain' | 'more' | 'wrong'): void {
    this.world.faults = which === 'wrong' ? [fault] : undefined;
    if (which !== 'wrong') this.world.policy = this.#policies[which];
  }

  async look(): Promise<void> {
    await this.live(() => reconcile(this.context()));
    await this.live(() => catchUpDeliveries(this.context()));
    for (const trigger of this.gitHub.redelivered())
      await this.world.deliveries.add(trigger.deliveryId, trigger);
    await this.live(() => catchUpHeads(this.context()));
  }

  /** Everything goes well from now on, and time passes. */
  async settle(): Promise<void> {
    this.fuse.restart();
    this.world.faults = undefined;
    this.world.github.faults.forget();
    this.world.store.faults.forget();
    this.gitHub.suspend(false);
    await this.#restart();
    await this.pass(8);
  }

  /** Time passes, and nothing happens but what the App does. */
  async pass(rounds: number): Promise<void> {
    for (let round = 0; round < rounds; round += 1) {
      while (this.gitHub.underway.length > 0) await this.deliver(0, true);
      await this.look();
      for (const name of ['deliveries', 'tasks', 'publish', 'publish'] as const)
        while (this.#due(name).length > 0) await this.work(name, 0);
      await this.world.clock.advance(16 * 60_000);
    }
  }

  context(turns = this.#turns): Context {
    const { github, store, ledger, queues, ...rest } = this.world.context;
    const { fuse } = this;
    const kept = new Map(Object.values(this.#policies).map((one) => [one.digest, one.policy]));
    const byDigest = async (digest: Digest) => kept.get(digest) ?? rest.policies.byDigest(digest);
    return {
      ...rest,
      policies: { ...rest.policies, byDigest },
      turns,
      github: mortal(github, fuse),
      store: mortal(store, fuse),
      ledger: mortal(ledger, fuse),
      queues: mortal(queues, fuse),
    };
  }

  async #restart(): Promise<void> {
    this.fuse.restart();
    this.#turns = this.#newTurns();
    await this.live(() => recoverRunner(this.context(), this.#runner));
  }

  /** Of another process on the same store. What a dead one held is not given back. */
  #newTurns(): Turns {
    const { store, clock } = this.world;
    return new Turns({ leases: mortal(store.leases, this.fuse), clock });
  }

  /** Time goes on while it is done: a turn of the dead is waited for. */
  async #passingTime(work: () => Promise<unknown>): Promise<void> {
    const life = { isOver: false };
    const done = work().finally(() => {
      life.isOver = true;
    });
    // Its failure is looked at below, and not before.
    done.catch(() => undefined);
    while (!life.isOver) await this.world.clock.advance(50);
    await done;
  }

  async #attempt(name: QueueName, id: string, turns = this.#turns): Promise<void> {
    const key = `${name} ${id}`;
    const end = await this.live(() => this.#do(name, id, turns));
    if (end instanceof Postponed) {
      this.#notBeforeMs.set(key, this.world.clock.nowMs() + end.delayMs);
      return;
    }
    const tried = (this.#tried.get(key) ?? 0) + 1;
    this.#tried.set(key, end === 'again' ? tried : attempts);
    if (end !== 'again' || tried >= attempts) this.#queue(name).over.add(id);
    await this.world.clock.advance(1);
  }

  async #do(name: QueueName, id: string, turns = this.#turns): Promise<void> {
    const context = this.context(turns);
    const { deliveries, tasks, publish } = this.world;
    const trigger = name === 'deliveries' ? deliveries.jobs.get(id) : undefined;
    if (trigger !== undefined) return handleTrigger(context, trigger);
    const run = name === 'tasks' ? tasks.jobs.get(id) : undefined;
    const parts = { context, runner: this.#runner };
    if (run !== undefined) return runTask(parts, run, new AbortController().signal);
    const shown = publish.jobs.get(id);
    if (shown !== undefined) await settleTask(context, shown.taskId);
  }

  #queue(name: QueueName): RecordedQueue<unknown> {
    return this.world[name];
  }

  #due(name: QueueName): readonly string[] {
    const ids = [...this.#queue(name).jobs.keys()];
    const nowMs = this.world.clock.nowMs();
    return ids.filter((id) => {
      const key = `${name} ${id}`;
      return (this.#tried.get(key) ?? 0) < attempts && (this.#notBeforeMs.get(key) ?? 0) <= nowMs;
    });
  }
}
