import type { ServerHttp2Stream } from 'node:http2';
import { SandboxEvent } from '../protocol/event.ts';
import { BodyReader } from './body-reader.ts';
import { EventBudget } from './event-budget.ts';
import { parseLine } from './parse-line.ts';

/** Longest line of events: 16,384 UTF-16 units, each at most six bytes as a JSON escape. */
const maxLineBytes = 128 * 1024;
const lineCeiling = { limit: 'limit:output', maxBytes: maxLineBytes } as const;

/** Takes events and counts their bytes; one for a task, whatever the number of requests. */
export class EventReceiver {
  readonly #budget: EventBudget;
  readonly #onEvent: (event: SandboxEvent) => void | Promise<void>;

  constructor(
    limits: ConstructorParameters<typeof EventBudget>[0],
    onEvent: (event: SandboxEvent) => void | Promise<void>,
  ) {
    this.#budget = new EventBudget(limits);
    this.#onEvent = onEvent;
  }

  /**
   * Hands every event of a request on, one at a time: the sandbox waits for a slow receiver.
   * @throws SallyportError `result.malformed`, `result.limit`, `wire.failed`; what `onEvent` throws.
   */
  async receive(stream: ServerHttp2Stream): Promise<void> {
    const body = new BodyReader(stream);
    for (;;) {
      const line = await body.line('an event line', lineCeiling);
      if (line === undefined) return;
      const event = parseLine(SandboxEvent, 'an event', line);
      this.#budget.take(event, line.length + 1);
      await this.#onEvent(event);
    }
  }
}
