import { AgentEvent } from '../../src/protocol/agent-event.ts';
import { bytesOnWire, maxSaidBytes } from '../../src/protocol/event.ts';

/** An agent that says it is done, or that it could not be. */
export type EndEvent = Extract<AgentEvent, { readonly kind: 'end' }>;

/** Prints what an agent says of itself, as much as the supervisor takes. Its end is held back: only the last one counts. */
export class AgentOutput {
  readonly #print: (text: string) => void;
  #left = maxSaidBytes;
  #end: EndEvent | undefined;

  constructor(print: (text: string) => void) {
    this.#print = print;
  }

  /** Our own words only. */
  progress(text: string): void {
    this.#left -= bytesOnWire({ type: 'progress', text });
    this.#print(`::progress ${text}\n`);
  }

  take(events: readonly AgentEvent[]): void {
    for (const event of events) {
      const read = AgentEvent.safeParse(event);
      if (!read.success) continue;
      if (read.data.kind === 'end') this.#end = read.data;
      else this.#event(read.data);
    }
  }

  /** Prints how it ended, and tells it; undefined: it did not say. */
  finish(): EndEvent | undefined {
    if (this.#end !== undefined) this.#print(lineOf(this.#end));
    return this.#end;
  }

  #event(event: AgentEvent): void {
    this.#left -= bytesOnWire({ type: 'agent', event });
    if (this.#left >= 0) this.#print(lineOf(event));
  }
}

function lineOf(event: AgentEvent): string {
  return `::event ${JSON.stringify(event)}\n`;
}
