import type { ContainmentOrder, Facts } from '../../../src/protocol/containment.ts';

/** What an attempt works with. */
export interface Stage {
  readonly order: ContainmentOrder;
  /** Says a fact at once: the attempt may not live to return it. */
  readonly tell: (facts: Facts) => void;
}

/**
 * One thing that hostile code tries, as uid 1000. It says what happened and judges nothing; it must do no
 * harm where the defence is missing, so it is bounded and asks for rights without using them.
 */
export interface Attempt {
  /** The same as the id of the control plane's case. */
  readonly id: string;
  readonly attempt: (stage: Stage) => Facts | Promise<Facts>;
}

/** Makes an attempt out of its id and its deed. */
export function attempt(id: string, deed: Attempt['attempt']): Attempt {
  return { id, attempt: deed };
}
