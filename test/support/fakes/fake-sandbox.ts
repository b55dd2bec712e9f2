import type { ClientHttp2Session } from 'node:http2';
import { type Duplex, duplexPair, Readable } from 'node:stream';
import type { TaskId } from '../../../src/domain/ids.ts';
import type {
  ReapedSandbox,
  ReapReason,
  RunningSandbox,
  Sandbox,
  SandboxExit,
  SandboxSpec,
} from '../../../src/ports/sandbox.ts';
import { routes } from '../../../src/protocol/wire.ts';
import { post, request, resultOf, speak } from '../wire/hostile-sandbox.ts';
import { Faults } from './faults.ts';

/** What a fake container does: it has the sandbox's side of a real wire. */
export type Behaviour = (session: ClientHttp2Session, running: FakeRunning) => Promise<unknown>;

/** Takes its input, says a line and posts a result: the manifest with `part`, then `bytes`. */
export function answers(part: object = {}, bytes = ''): Behaviour {
  return async (session) => {
    await request(session, { ':method': 'GET', ':path': routes.input });
    const events = [
      { type: 'progress', text: 'looking' },
      { type: 'exec-end', execs: 1, processes: 1, dropped: 0 },
    ];
    const body = events.map((event) => `${JSON.stringify(event)}\n`).join('');
    await request(session, { ':method': 'POST', ':path': routes.events }, body);
    await post(session, resultOf(part, bytes));
  };
}

/** Says nothing until it is killed. */
export const hangs: Behaviour = (_session, running) => running.ended();

/** A container in memory. */
export class FakeRunning implements RunningSandbox {
  readonly imageDigest = `sha256:${'1'.repeat(64)}`;
  readonly stderr = Readable.from(['a word of its own\n']);
  readonly wire: Duplex;
  readonly spec: SandboxSpec;
  /** What the engine says when it has ended. */
  exit: SandboxExit = { exitCode: 0, oomKilled: false };
  isDestroyed = false;
  readonly #far: Duplex;
  readonly #end = Promise.withResolvers<SandboxExit>();

  constructor(spec: SandboxSpec) {
    this.spec = spec;
    [this.wire, this.#far] = duplexPair();
    this.#far.on('error', () => undefined);
    this.wire.on('close', () => void this.#far.destroy());
    this.#far.on('close', () => void this.wire.destroy());
  }

  /** Lets it do what it does; its session dies with it. */
  begin(behave: Behaviour): void {
    const session = speak(this.#far);
    void behave(session, this).catch(() => undefined);
  }

  ended(): Promise<SandboxExit> {
    return this.#end.promise;
  }

  /** Its wire breaks, as when its process dies. */
  die(): void {
    this.#far.destroy();
  }

  async destroy(): Promise<void> {
    await Promise.resolve();
    if (this.isDestroyed) return;
    this.isDestroyed = true;
    this.#far.destroy();
    this.#end.resolve(this.exit);
  }
}

interface Leftover {
  readonly ownerId: string;
  readonly taskId: TaskId;
  readonly why?: ReapReason;
}

/**
 * An engine in memory, whose containers speak the real wire. Methods for faults: `start`, `removeOwned`,
 * `removeExpired`.
 */
export class FakeSandbox implements Sandbox {
  readonly faults = new Faults();
  /** Every container ever started, in order. */
  readonly started: FakeRunning[] = [];
  /** Containers that a former process left behind; those with `why` are past their time. */
  readonly leftovers: Leftover[] = [];
  behave: Behaviour = answers();

  start(spec: SandboxSpec): Promise<RunningSandbox> {
    return this.faults.around('start', () => {
      const running = new FakeRunning(spec);
      this.started.push(running);
      running.begin(this.behave);
      return running;
    });
  }

  removeOwned(ownerId: string): Promise<readonly ReapedSandbox[]> {
    return this.faults.around('removeOwned', () => this.#remove((one) => one.ownerId === ownerId));
  }

  removeExpired(): Promise<readonly ReapedSandbox[]> {
    return this.faults.around('removeExpired', () => this.#remove((one) => one.why !== undefined));
  }

  #remove(isGone: (one: Leftover) => boolean): readonly ReapedSandbox[] {
    const gone = this.leftovers.filter(isGone);
    for (const one of gone) this.leftovers.splice(this.leftovers.indexOf(one), 1);
    return gone.map((one) => ({ containerId: `of-${one.taskId}`, why: 'unwanted', ...one }));
  }

  async imageDigest(image: string): Promise<string> {
    await Promise.resolve();
    return `sha256:${image}`;
  }

  async ping(): Promise<void> {
    await Promise.resolve();
  }
}
