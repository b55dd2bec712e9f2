import type { Limits } from '../domain/limits.ts';
import type { RuntimeClass, SandboxExit } from '../ports/sandbox.ts';
import type { ContainmentOrder, Facts, Speech } from '../protocol/containment.ts';
import type { SandboxEvent } from '../protocol/event.ts';
import type { SandboxResult } from '../wire/receive-result.ts';
import type { Taken } from './bench.ts';
import type { EgressSeen, Places } from './egress/egress-seen.ts';
import type { EgressSetup } from './egress/way-out.ts';
import type { Peak } from './watch-usage.ts';

/** Did the containment hold, and by what does one see it? */
export interface Verdict {
  readonly held: boolean;
  /** One line for people. */
  readonly evidence: string;
  /** False where there was nothing to judge: then it is broken, but may be tried again. */
  readonly isMade?: false;
}

/** One sandbox run, as the control plane saw it. Everything in it that the sandbox said is hostile. */
export interface Observed {
  readonly runtime: RuntimeClass;
  readonly limits: Limits;
  /** What the attempt told under this run's nonce. */
  readonly facts: Facts;
  /** Did the attempt come to its end? */
  readonly isDone: boolean;
  readonly result?: SandboxResult;
  /** What the control plane made of the result: compared with the head tree, as for any task. */
  readonly taken?: Taken;
  readonly error?: unknown;
  readonly exit: SandboxExit;
  readonly events: readonly SandboxEvent[];
  readonly peak: Peak;
  /** What reached the listeners that the control plane has on the host. */
  readonly visits: number;
  /** What the broker, its resolver and its upstreams saw; nothing where the run had no broker. */
  readonly egress: EgressSeen;
  /** Was code of the sandbox run on the host? By the file that it would have left. */
  readonly isMarked: boolean;
  readonly runMs: number;
}

/** How a case is set up; all of it may be left out. */
export interface Setup {
  readonly limits?: Partial<Limits>;
  readonly agentMs?: number;
  /** Files of the head tree. */
  readonly head?: Readonly<Record<string, string>>;
  readonly order?: Partial<ContainmentOrder>;
  /** A broker; without one the wire answers every request with 403. */
  readonly egress?: EgressSetup;
}

/** A case that is one run of the agent `containment`. */
export interface SandboxCase {
  readonly kind: 'sandbox';
  /** The same as the id of the agent's attempt. */
  readonly id: string;
  /** What is tried. */
  readonly title: string;
  readonly setup: Setup;
  /** Shares a sandbox with others of its kind: it only asks, and leaves nothing behind. */
  readonly isQuiet: boolean;
  /** The attempt may be killed in the middle: that is how it is contained. */
  readonly mayDie: boolean;
  /** What its attempt says to the sandbox's proxy. */
  readonly says?: (places: Places) => readonly Speech[];
  /** Pure. Sees only runs whose attempt was made. */
  readonly judge: (observed: Observed) => Verdict;
}

/** A verdict of *held*. */
export function held(evidence: string): Verdict {
  return { held: true, evidence };
}

/** A verdict of *broken*. */
export function broken(evidence: string): Verdict {
  return { held: false, evidence };
}

/** Makes a case that needs a sandbox of its own. */
export function loudCase(
  id: string,
  title: string,
  rest: Pick<SandboxCase, 'judge'> & { readonly setup?: Setup; readonly mayDie?: true },
): SandboxCase {
  const { judge, setup = {}, mayDie = false } = rest;
  return { kind: 'sandbox', id, title, setup, isQuiet: false, mayDie, judge };
}

/** Makes a case that shares its sandbox. */
export function quietCase(id: string, title: string, judge: SandboxCase['judge']): SandboxCase {
  return { kind: 'sandbox', id, title, setup: {}, isQuiet: true, mayDie: false, judge };
}
