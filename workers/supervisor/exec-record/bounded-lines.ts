import { cutMark } from './quoted-strings.ts';

/** A line's beginning that is kept, enough for any arguments that are; and its end, with the result. */
const headBytes = 64 * 1024;
const tailBytes = 1024;
const newline = 0x0a;

/** Takes a stream of bytes apart into lines, and holds no more than 65 KiB of one. */
export class BoundedLines {
  readonly #take: (line: Buffer) => void;
  #head: Buffer[] = [];
  #headBytes = 0;
  #tail: Buffer = Buffer.alloc(0);

  constructor(take: (line: Buffer) => void) {
    this.#take = take;
  }

  push(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      this.#keep(chunk.subarray(start, end));
      this.#end();
      start = end + 1;
    }
    this.#keep(chunk.subarray(start));
  }

  #keep(part: Buffer): void {
    const room = headBytes - this.#headBytes;
    const head = part.subarray(0, room);
    if (head.length > 0) this.#head.push(head);
    this.#headBytes += head.length;
    if (part.length <= room) return;
    // A copy, so that the chunks that it came in can go.
    this.#tail = Buffer.concat([this.#tail, part.subarray(room)]).subarray(-tailBytes);
  }

  #end(): void {
    const mark = this.#tail.length > 0 ? [cutMark] : [];
    const line = Buffer.concat([...this.#head, Buffer.from(mark), this.#tail]);
    this.#head = [];
    this.#headBytes = 0;
    this.#tail = Buffer.alloc(0);
    this.#take(line);
  }
}
