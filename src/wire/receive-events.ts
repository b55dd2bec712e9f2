import type { ServerHttp2Stream } from 'node:http2';
import { SandboxEvent } from '../protocol/event.ts';
import { BodyReader } from './body-reader.ts';
import { limitReached } from './limit-error.ts';
import { parseLine } from './parse-line.ts';

/** Longest line of events: 16,384 UTF-16 units, each at most six bytes as a JSON escape. */
const maxLineBytes = 128 * 1024;
const lineCeiling = { limit: 'limit:output', maxBytes: maxLineBytes } as const;

/** Takes events and counts their bytes; one for a task, whatever the number of requests. */
export class EventReceiver {
  readonly #maxBytes: number;
  readonly #onEvent: (event: SandboxEvent) => void | Promise<void>;
  #bytes = 0;

  constructor(maxBytes: number, onEvent: (event: SandboxEvent) => void | Promise<void>) {
    this.#maxBytes = maxBytes;
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
      this.#bytes += line.length + 1;
      if (this.#bytes > this.#maxBytes)
        throw limitReached('limit:output', 'eventBytes', this.#maxBytes);
      await this.#onEvent(parseLine(SandboxEvent, 'an event', line));
    }
  }
}
