import { PassThrough, Readable } from 'node:stream';
import type { TaskId } from '../../../src/domain/ids.ts';
import type { Limits } from '../../../src/domain/limits.ts';
import { SallyportError } from '../../../src/errors.ts';
import type { BlankSandbox, BlankSandboxes } from '../../../src/ports/blank-sandbox.ts';
import type {
  ReapedSandbox,
  RunningSandbox,
  Sandbox,
  SandboxExit,
  SandboxSpec,
} from '../../../src/ports/sandbox.ts';
import { Faults } from './faults.ts';

/** A container in memory that may have been started ahead. */
export class FakeContainer implements RunningSandbox, BlankSandbox {
  readonly wire = new PassThrough();
  readonly stderr = Readable.from([]);
  readonly imageDigest: string;
  readonly isBlank: boolean;
  /** What its container is labelled with. */
  readonly label: TaskId;
  /** What it is held to now. */
  limits: Limits;
  isDestroyed = false;
  /** Somebody has asked for its end, whether or not that worked. */
  isLetGo = false;
  assignments = 0;
  readonly #faults: Faults;
  readonly #end = Promise.withResolvers<void>();
  #isDead = false;

  constructor(spec: SandboxSpec, imageDigest: string, parts: { isBlank: boolean; faults: Faults }) {
    this.label = spec.taskId;
    this.limits = spec.limits;
    this.imageDigest = imageDigest;
    this.isBlank = parts.isBlank;
    this.#faults = parts.faults;
  }

  isAlive(): boolean {
    return !this.#isDead && !this.wire.destroyed;
  }

  assign(limits: Limits): Promise<RunningSandbox> {
    return this.#faults.around('assign', () => {
      this.assignments += 1;
      this.limits = limits;
      return this;
    });
  }

  async ended(): Promise<SandboxExit & undefined> {
    await this.#end.promise;
    return undefined as never;
  }

  /** Its process ends by itself. */
  die(): void {
    this.#isDead = true;
    this.wire.destroy();
    this.#end.resolve();
  }

  destroy(): Promise<void> {
    this.isLetGo = true;
    return this.#faults.around('destroy', () => {
      this.isDestroyed = true;
      this.die();
    });
  }
}

/** An engine in memory. Methods for faults: `start`, `startBlank`, `assign`, `imageId`, `destroy`. */
export class FakeBlanks implements Sandbox, BlankSandboxes {
  readonly faults = new Faults();
  readonly containers: FakeContainer[] = [];
  /** What the name of an image leads to at this moment, unless `images` has it. */
  image = 'sha256:first';
  /** Of images by their names; undefined: there is none. */
  readonly images = new Map<string, string | undefined>();
  /** While there is one, nothing that is started ahead gets ready. */
  hold: Promise<void> | undefined;

  get alive(): readonly FakeContainer[] {
    return this.containers.filter((one) => !one.isDestroyed);
  }

  start(spec: SandboxSpec): Promise<RunningSandbox> {
    return this.faults.around('start', () => this.#make(spec, false));
  }

  async startBlank(spec: SandboxSpec): Promise<BlankSandbox> {
    const made = await this.faults.around('startBlank', () => this.#make(spec, true));
    await this.hold;
    return made;
  }

  imageId(ref: string): Promise<string> {
    return this.faults.around('imageId', () => this.#idOf(ref));
  }

  async removeOwned(ownerId: string): Promise<readonly ReapedSandbox[]> {
    const gone = this.alive.filter(({ isLetGo }) => isLetGo);
    for (const one of gone) await one.destroy();
    const why = { ownerId, why: 'unwanted' } as const;
    return gone.map(({ label }) => ({ containerId: label, taskId: label, ...why }));
  }

  removeExpired(): Promise<readonly ReapedSandbox[]> {
    return this.faults.around('removeExpired', () => []);
  }

  async ping(): Promise<void> {
    await this.faults.around('ping', () => undefined);
  }

  #idOf(ref: string): string {
    const id = this.images.has(ref) ? this.images.get(ref) : this.image;
    if (id !== undefined) return id;
    throw new SallyportError('engine.missing-image', `no image ${ref}`);
  }

  #make(spec: SandboxSpec, isBlank: boolean): FakeContainer {
    const made = new FakeContainer(spec, this.#idOf(spec.image), { isBlank, faults: this.faults });
    this.containers.push(made);
    return made;
  }
}
