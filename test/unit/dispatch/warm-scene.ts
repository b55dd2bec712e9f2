import { WarmSandboxes } from '../../../src/dispatch/warm-sandboxes.ts';
import type { Kind } from '../../../src/dispatch/warm-shape.ts';
import { taskIdFor } from '../../../src/domain/ids.ts';
import type { Limits } from '../../../src/domain/limits.ts';
import { SallyportError } from '../../../src/errors.ts';
import type { RuntimeClass, SandboxSpec } from '../../../src/ports/sandbox.ts';
import { FakeBlanks, type FakeContainer } from '../../support/fakes/fake-blanks.ts';
import { FakeClock } from '../../support/fakes/fake-clock.ts';
import { smallLimits } from '../../support/sandbox/small-limits.ts';

export const maxAgeMs = 600_000;

let tasks = 0;

/** What a new task asks for. */
export function specFor(
  part: Partial<SandboxSpec> = {},
  limits: Partial<Limits> = {},
): SandboxSpec {
  tasks += 1;
  return {
    taskId: taskIdFor(`${tasks}`, 'review'),
    ownerId: 'runner-1',
    image: 'worker:1',
    runtime: 'runc',
    limits: { ...smallLimits, ...limits },
    ...part,
  };
}

/** Sandboxes that wait, on an engine and a clock that a test arranges. */
export class WarmScene {
  readonly clock = new FakeClock();
  readonly engine = new FakeBlanks();
  readonly proven = new Set<RuntimeClass>(['runc', 'runsc']);
  readonly stop = new AbortController();
  readonly warnings: string[] = [];
  readonly warm: WarmSandboxes;
  readonly kept: Promise<void>;

  constructor(sandboxes = 1, wanted = specFor()) {
    const { clock, engine: sandbox, proven } = this;
    const warn = (_fields: unknown, message: string): void => void this.warnings.push(message);
    const log = { info: () => undefined, warn, error: warn };
    const isProven = ({ runtime }: Kind): boolean => proven.has(runtime);
    const size = { sandboxes, maxAgeMs };
    this.warm = new WarmSandboxes({ sandbox, clock, log, size, isProven });
    this.warm.want(wanted);
    this.kept = this.warm.keep(this.stop.signal);
  }

  /** Everything that was ever started ahead. */
  get blanks(): readonly FakeContainer[] {
    return this.engine.containers.filter(({ isBlank }) => isBlank);
  }

  /** Time for a refill, with room. */
  filled(): Promise<void> {
    return this.clock.advance(2_000);
  }

  /** The engine is away for the `nth` call of `method` from now on. */
  fault(method: string, nth = 1): void {
    const error = new SallyportError('engine.unavailable', 'planned');
    this.engine.faults.plan({ method, nth, when: 'before', error });
  }
}
