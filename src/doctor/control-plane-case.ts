import type { RuntimeClass } from '../ports/sandbox.ts';
import type { Verdict } from './attack-case.ts';
import type { Bench } from './bench.ts';

/** A case that the control plane observes by itself, without the agent `containment`. */
export interface ControlPlaneCase {
  readonly kind: 'control-plane';
  readonly id: string;
  /** What is tried. */
  readonly title: string;
  readonly run: (bench: Bench, runtime: RuntimeClass) => Promise<Verdict>;
}
