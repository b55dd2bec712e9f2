import { EgressEnded } from './egress-ended.ts';

/** Longest line of an event stream: the last event of an answer may hold all of it. */
const maxLineLength = 16 * 1024 * 1024;

/** Reads the data of server-sent events from pieces, which may end anywhere. */
export class EventStream {
  readonly #decoder = new TextDecoder();
  readonly #onData: (data: string) => void;
  /** The pieces of a line that has no end yet: joined once, since each look at all of them would copy them. */
  #line: string[] = [];
  #lineLength = 0;
  #data: string[] = [];

  constructor(onData: (data: string) => void) {
    this.#onData = onData;
  }

  /** Takes a piece. @throws EgressEnded `model-unmetered` for a line without an end */
  take(piece: Buffer): void {
    const lines = this.#decoder.decode(piece, { stream: true }).split('\n');
    const rest = lines.pop() ?? '';
    for (const end of lines) {
      const line = [...this.#line, end].join('');
      this.#line = [];
      this.#lineLength = 0;
      this.#takeLine(line.endsWith('\r') ? line.slice(0, -1) : line);
    }
    this.#line.push(rest);
    this.#lineLength += rest.length;
    // What cannot be counted may not go on for free.
    if (this.#lineLength > maxLineLength) throw new EgressEnded('model-unmetered');
  }

  #takeLine(line: string): void {
    if (line.startsWith('data:')) this.#data.push(line.slice(5));
    if (line !== '' || this.#data.length === 0) return;
    const data = this.#data.join('\n');
    this.#data = [];
    this.#onData(data);
  }
}
