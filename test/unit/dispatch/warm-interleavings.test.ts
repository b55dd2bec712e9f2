import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WarmSandboxes } from '../../../src/dispatch/warm-sandboxes.ts';
import type { Kind } from '../../../src/dispatch/warm-shape.ts';
import { taskIdFor } from '../../../src/domain/ids.ts';
import { SallyportError } from '../../../src/errors.ts';
import type { RunningSandbox, RuntimeClass } from '../../../src/ports/sandbox.ts';
import { FakeBlanks } from '../../support/fakes/fake-blanks.ts';
import { FakeClock } from '../../support/fakes/fake-clock.ts';
import { smallLimits } from '../../support/sandbox/small-limits.ts';

const runtimes = ['runc', 'runsc'] as const satisfies readonly RuntimeClass[];
const images = ['i', 'other'] as const;
const methods = ['start', 'startBlank', 'assign', 'imageId', 'destroy'] as const;

/** What can happen to a pool. A start is not waited for: what follows happens while it is under way. */
const Step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('start' as const),
      runtime: fc.constantFrom(...runtimes),
      image: fc.constantFrom(...images),
      memory: fc.constantFrom(1, 2),
      files: fc.constantFrom(1024, 128),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('advance' as const),
      ms: fc.constantFrom(0, 1, 999, 2_000, 31_000, 61_000),
    }),
  },
  fc.record({ kind: fc.constant('turn' as const) }),
  fc.record({ kind: fc.constant('die' as const), nth: fc.nat(20) }),
  fc.record({ kind: fc.constant('end' as const), nth: fc.nat(20) }),
  fc.record({ kind: fc.constant('image' as const) }),
  fc.record({
    kind: fc.constant('fault' as const),
    method: fc.constantFrom(...methods),
    nth: fc.integer({ min: 1, max: 3 }),
  }),
  fc.record({ kind: fc.constant('lose' as const), runtime: fc.constantFrom(...runtimes) }),
  fc.record({ kind: fc.constant('prove' as const), runtime: fc.constantFrom(...runtimes) }),
  fc.record({ kind: fc.constant('stop' as const) }),
);
type Step = typeof Step extends fc.Arbitrary<infer T> ? T : never;

class Pool {
  readonly clock = new FakeClock();
  readonly engine = new FakeBlanks();
  readonly proven = new Set<RuntimeClass>(runtimes);
  readonly stop = new AbortController();
  readonly started: RunningSandbox[] = [];
  readonly starts: Promise<unknown>[] = [];
  readonly warm: WarmSandboxes;
  readonly kept: Promise<void>;
  #tasks = 0;

  constructor(sandboxes: number) {
    const { clock, engine: sandbox } = this;
    const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const isProven = ({ runtime }: Kind): boolean => this.proven.has(runtime);
    const size = { sandboxes, maxAgeMs: 60_000 };
    this.warm = new WarmSandboxes({ sandbox, clock, log, size, isProven });
    const spec = { ownerId: 'r', image: 'i', limits: smallLimits };
    this.engine.images.set('other', 'sha256:other');
    for (const runtime of runtimes) this.warm.want({ ...spec, runtime });
    this.kept = this.warm.keep(this.stop.signal);
  }

  async take(step: Step): Promise<void> {
    switch (step.kind) {
      case 'start':
        this.starts.push(this.#start(step));
        return;
      case 'advance':
        return this.clock.advance(step.ms);
      case 'turn':
        return Promise.resolve();
      case 'die':
        this.engine.containers.at(step.nth)?.die();
        return;
      case 'end':
        return this.started
          .at(step.nth)
          ?.destroy()
          .catch(() => undefined);
      case 'image':
        this.engine.image = `sha256:${this.engine.faults.calls.length}`;
        return;
      case 'fault': {
        // An engine that fails while a runner ends leaves what the next start of the runner removes.
        if (this.stop.signal.aborted) return;
        const error = new SallyportError('engine.failed', 'planned');
        this.engine.faults.plan({ ...step, when: 'before', error });
        return;
      }
      case 'lose':
        this.proven.delete(step.runtime);
        for (const image of images) this.warm.drain({ runtime: step.runtime, image });
        return;
      case 'prove':
        this.proven.add(step.runtime);
        return;
      case 'stop':
        this.engine.faults.forget();
        this.stop.abort();
    }
  }

  async #start({ runtime, image, memory, files }: Extract<Step, { kind: 'start' }>): Promise<void> {
    this.#tasks += 1;
    const taskId = taskIdFor(`${this.#tasks}`, 'review');
    const limits = { ...smallLimits, memoryBytes: memory * 2 ** 29, openFiles: files };
    const spec = { taskId, ownerId: 'r', image, runtime, limits };
    const running = await this.warm.start(spec).catch(() => undefined);
    if (running === undefined) return;
    const made = this.engine.containers.find(({ wire }) => wire === running.wire);
    // Whatever it was before: it is exactly what was asked for, and it is no other task's.
    expect(made?.limits).toEqual(limits);
    expect(made?.imageDigest === 'sha256:other').toBe(image === 'other');
    expect(made?.assignments).toBe(running.warm === undefined ? 0 : 1);
    expect(this.started.map(({ wire }) => wire)).not.toContain(running.wire);
    this.started.push(running);
  }

  /** The runner ends, and so do its tasks. */
  async end(): Promise<void> {
    this.stop.abort();
    this.engine.faults.forget();
    await this.clock.advance(0);
    await this.kept;
    await Promise.all(this.starts);
    for (const running of this.started) await running.destroy();
  }
}

describe('sandboxes that wait, whatever happens in whatever order', () => {
  it('are handed out once, as asked for, and never left behind', async () => {
    const steps = fc.array(Step, { minLength: 10, maxLength: 40, size: 'max' });
    let handedOut = 0;
    const property = fc.asyncProperty(
      fc.integer({ min: 1, max: 3 }),
      steps,
      async (size, taken) => {
        const pool = new Pool(size);
        for (const step of taken) await pool.take(step);
        expect(pool.warm.waiting).toBeLessThanOrEqual(size * runtimes.length * images.length);
        await pool.end();
        handedOut += pool.started.filter(({ warm }) => warm !== undefined).length;
        expect(pool.engine.alive).toEqual([]);
        expect(await pool.warm.removeOwned('r')).toEqual([]);
      },
    );
    await fc.assert(property, { numRuns: 200 });
    // Where nothing that waited was ever handed out, nothing was tried.
    expect(handedOut).toBeGreaterThan(20);
  });
});
