import { EgressEnded } from './egress-ended.ts';

/** Longest line of an event stream: the last event of an answer may hold all of it. */
const maxLineLength = 16 * 1024 * 1024;

/** Reads the data of server-sent events from pieces, which may end anywhere. */
export class EventStream {
  readonly #decoder = new TextDecoder();
  readonly #onData: (data: string) => void;
  #line = '';
  #data: string[] = [];

  constructor(onData: (data: string) => void) {
    this.#onData = onData;
  }

  /** Takes a piece. @throws EgressEnded `model-unmetered` for a line without an end */
  take(piece: Buffer): void {
    const lines = (this.#line + this.#decoder.decode(piece, { stream: true })).split('\n');
    this.#line = lines.pop() ?? '';
    for (const line of lines) this.#takeLine(line.endsWith('\r') ? line.slice(0, -1) : line);
    // What cannot be counted may not go on for free.
    if (this.#line.length > maxLineLength) throw new EgressEnded('model-unmetered');
  }

  #takeLine(line: string): void {
    if (line.startsWith('data:')) this.#data.push(line.slice(5));
    if (line !== '' || this.#data.length === 0) return;
    const data = this.#data.join('\n');
    this.#data = [];
    this.#onData(data);
  }
}
