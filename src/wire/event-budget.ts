import { SallyportError } from '../errors.ts';
import type { SandboxEvent } from '../protocol/event.ts';
import { maxRecordBytes } from '../protocol/exec-record.ts';
import { limitReached } from './limit-error.ts';

/** What the agent says; the rest is what the supervisor tells of it. */
const said: readonly SandboxEvent['type'][] = ['progress', 'agent', 'log'];
/** What there is one of. */
const once: readonly SandboxEvent['type'][] = ['exec-capped', 'exec-end', 'no-exec-record'];
/** What does not come after the end of the record. `no-exec-record` may: it says that what ended is not one. */
const ofRecord: readonly SandboxEvent['type'][] = ['exec', 'exec-capped', 'exec-end'];
/** The record with its frames, and a word of usage, of half a kilobyte, each second. */
const toldBytes = (wallClockMs: number): number => 2 * maxRecordBytes + wallClockMs;

/** What one sandbox may send of events: bytes of each kind, and the order of its record. */
export class EventBudget {
  readonly #limits: { readonly eventBytes: number; readonly wallClockMs: number };
  readonly #seen = new Set<SandboxEvent['type']>();
  #saidBytes = 0;
  #toldBytes = 0;

  constructor(limits: { readonly eventBytes: number; readonly wallClockMs: number }) {
    this.#limits = limits;
  }

  /**
   * Counts one event, of `bytes` on the wire. What the supervisor tells does not count as the agent's output.
   * @throws SallyportError `result.limit` where the agent said too much; `result.malformed` where the supervisor
   * tells more than it can have seen, or goes on with a record that has ended
   */
  take({ type }: SandboxEvent, bytes: number): void {
    const { eventBytes, wallClockMs } = this.#limits;
    if (said.includes(type)) this.#saidBytes += bytes;
    else this.#toldBytes += bytes;
    if (this.#saidBytes > eventBytes) throw limitReached('limit:output', 'eventBytes', eventBytes);
    if (this.#toldBytes > toldBytes(wallClockMs))
      throw malformed('more is told than can have been');
    if (once.includes(type) && this.#seen.has(type)) throw malformed(`a second ${type}`);
    if (ofRecord.includes(type) && this.#seen.has('exec-end'))
      throw malformed('a record goes on after its end');
    this.#seen.add(type);
  }
}

function malformed(message: string): SallyportError {
  return new SallyportError('result.malformed', message);
}
