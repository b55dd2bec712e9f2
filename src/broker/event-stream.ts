import { EgressEnded } from './egress-ended.ts';

/** Longest line of an event stream: the last event of an answer may hold all of it. */
const maxLineLength = 16 * 1024 * 1024;

/** HTML standard, 9.2.5: a line ends in any of three ways. */
const lineEnd = /\r\n|\n|\r/;

/** Reads the data of server-sent events from pieces, which may end anywhere. */
export class EventStream {
  readonly #decoder = new TextDecoder();
  readonly #onData: (data: string) => void;
  /** The pieces of a line that has no end yet: joined once, since each look at all of them would copy them. */
  #line: string[] = [];
  #lineLength = 0;
  #data: string[] = [];
  #hasReturn = false;

  constructor(onData: (data: string) => void) {
    this.#onData = onData;
  }

  /** Takes a piece. @throws EgressEnded `model-unmetered` for a line without an end */
  take(piece: Buffer): void {
    const text = (this.#hasReturn ? '\r' : '') + this.#decoder.decode(piece, { stream: true });
    // It may be half of an end of line.
    this.#hasReturn = text.endsWith('\r');
    const lines = (this.#hasReturn ? text.slice(0, -1) : text).split(lineEnd);
    const rest = lines.pop() ?? '';
    for (const end of lines) {
      const line = [...this.#line, end].join('');
      this.#line = [];
      this.#lineLength = 0;
      this.#takeLine(line);
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
