import type { ServerHttp2Stream } from 'node:http2';
import type { BrokerContext } from './broker-context.ts';
import { EgressEnded } from './egress-ended.ts';
import { type EgressRecord, type EgressSubject, recordable } from './egress-record.ts';
import type { Direction } from './meters.ts';
import type { ModelUsage } from './model-usage.ts';

/** Longest path in a record. */
const maxRecordedPath = 512;

type ClosedRecord = Extract<EgressRecord, { type: 'egress.closed' }>;

/** What an exchange is accounted to. */
export interface ExchangeRule {
  readonly id: string;
  readonly maxBytes?: number | undefined;
}

/** One request of the sandbox from its headers to its end: counters, one ending, one record of each kind. */
export class Exchange {
  readonly stream: ServerHttp2Stream;
  readonly #context: BrokerContext;
  readonly #stop = new AbortController();
  readonly #startedAtMs: number;
  readonly #bytes = { up: 0, down: 0 };
  #subject: EgressSubject;
  #rule: ExchangeRule | undefined;
  #isAllowed = false;
  #ending: string | undefined;
  #lastActivityMs: number;
  status: number | null = null;
  model: ModelUsage | null = null;
  /** What is known of the model's provider. */
  provider: Pick<ClosedRecord, 'attempts' | 'providerError' | 'refusal'> = {};

  constructor(context: BrokerContext, stream: ServerHttp2Stream, subject: EgressSubject) {
    this.#context = context;
    this.stream = stream;
    this.#subject = subject;
    this.#startedAtMs = context.clock.nowMs();
    this.#lastActivityMs = this.#startedAtMs;
    const abort = (): void => this.#stop.abort(new EgressEnded('sandbox-aborted'));
    // Not `stop`: the sandbox may hang up on what is complete.
    stream.on('error', abort).on('aborted', abort);
  }

  /** Aborts when the exchange has to end before its time. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** Does `work`; what it ends the exchange with is its name from then on, whatever breaks in consequence. */
  guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (error instanceof EgressEnded) this.stop(error.reason);
      throw error;
    }
  }

  /** Was the end somebody's decision, and not the end of what was to be said? */
  get isStopped(): boolean {
    return this.#ending !== undefined;
  }

  /** Was it ended from this side, by the sandbox or by the broker? */
  get isBrokenOff(): boolean {
    const reason: unknown = this.signal.reason;
    const isFault = reason instanceof EgressEnded && reason.reason === 'upstream-failed';
    return this.signal.aborted && !isFault;
  }

  /** Ends the exchange; the first reason counts. */
  stop(reason: string): void {
    if (this.signal.aborted) return;
    this.#ending = reason;
    this.#stop.abort(new EgressEnded(reason));
  }

  describe(part: Partial<EgressSubject>): void {
    const path = part.path === undefined ? this.#subject.path : part.path;
    const recorded = path === null ? null : recordable(path, maxRecordedPath);
    this.#subject = { ...this.#subject, ...part, path: recorded };
  }

  /** Says which rule the exchange goes by. */
  goBy(rule: ExchangeRule): void {
    this.#rule = rule;
    this.describe({ ruleId: rule.id });
  }

  /** Records that the request may go out. Nothing may be sent before this has resolved. */
  async allow(addresses: readonly string[]): Promise<void> {
    this.signal.throwIfAborted();
    await this.#context.record({ type: 'egress.allowed', ...this.#subject, addresses });
    this.#isAllowed = true;
    this.signal.throwIfAborted();
  }

  /** Something has come: the exchange is not idle. */
  touch(): void {
    this.#lastActivityMs = this.#context.clock.nowMs();
  }

  /** Counts bytes before they are passed on. @throws EgressEnded at a ceiling */
  count(direction: Direction, bytes: number): void {
    this.touch();
    this.#bytes[direction] += bytes;
    this.#context.meters.bytes(this.#rule ?? { id: '' }, direction, bytes);
  }

  /** Looks at a body on its way out, before a piece of it goes. @throws EgressEnded `leak` */
  lookOut(): (piece: Uint8Array) => void {
    const mustStay = this.#context.bodyWatch?.();
    return (piece) => {
      if (mustStay?.(piece) === true) throw new EgressEnded('leak');
    };
  }

  /** Ends the exchange once no byte has passed for `idleMs()`. Runs until the exchange ends. */
  async watchIdle(idleMs: () => number): Promise<void> {
    const { clock } = this.#context;
    while (!this.signal.aborted) {
      const leftMs = this.#lastActivityMs + idleMs() - clock.nowMs();
      if (leftMs <= 0) return this.stop('idle');
      await clock.after(leftMs, this.signal);
    }
  }

  /** Records the end: a denial if nothing was let out, the sums otherwise. */
  async finish(error?: unknown): Promise<string> {
    const ending = this.#nameOf(error);
    this.stop(ending);
    const subject = this.#subject;
    if (!this.#isAllowed) {
      this.#context.meters.denied();
      await this.#context.record({ type: 'egress.denied', ...subject, reason: ending });
      return ending;
    }
    const { up: bytesUp, down: bytesDown } = this.#bytes;
    const ms = this.#context.clock.nowMs() - this.#startedAtMs;
    const { status, model } = this;
    const sums = { ending, status, bytesUp, bytesDown, ms, model, ...this.provider };
    await this.#context.record({ type: 'egress.closed', ...subject, ...sums });
    return ending;
  }

  /** The first cause: what fails after it fails in consequence. */
  #nameOf(error: unknown): string {
    if (this.#ending !== undefined) return this.#ending;
    if (error === undefined) return 'complete';
    const first: unknown = this.signal.aborted ? this.signal.reason : error;
    return first instanceof EgressEnded ? first.reason : 'upstream-failed';
  }
}
