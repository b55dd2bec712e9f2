import { StringDecoder } from 'node:string_decoder';
import type { SandboxEvent } from '../../src/protocol/event.ts';

type Stream = 'stdout' | 'stderr';

/** Longest `text` of a log event, as the protocol has it; a longer line is split. */
const maxLineLength = 16_384;
const maxProgressLength = 300;
/** All log bytes of an agent as they go over the wire; what is beyond is read and dropped. */
const maxTotalBytes = 1024 * 1024;
const progressMark = '::progress ';

/** Turns what an agent prints into events: a line each, `::progress ` lines of stdout as progress. */
export class LogLines {
  readonly #send: (event: SandboxEvent) => void;
  readonly #decoders = { stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8') };
  readonly #partial = { stdout: '', stderr: '' };
  #totalBytes = 0;
  /** All that was printed, kept or not. */
  outputBytes = 0;
  #isFull = false;

  constructor(send: (event: SandboxEvent) => void) {
    this.#send = send;
  }

  take(stream: Stream, chunk: Buffer): void {
    this.outputBytes += chunk.length;
    if (this.#isFull) return;
    const lines = (this.#partial[stream] + this.#decoders[stream].write(chunk)).split('\n');
    const last = lines.pop() ?? '';
    for (const line of lines) this.#line(stream, line);
    // A line without an end is sent in pieces rather than collected.
    const whole = last.length - (last.length % maxLineLength);
    if (whole > 0) this.#line(stream, last.slice(0, whole));
    this.#partial[stream] = last.slice(whole);
  }

  /** Sends what is left of lines without an end. */
  end(): void {
    for (const stream of ['stdout', 'stderr'] as const) {
      const rest = this.#partial[stream] + this.#decoders[stream].end();
      if (rest !== '') this.#line(stream, rest);
    }
  }

  #line(stream: Stream, line: string): void {
    if (stream === 'stdout' && line.startsWith(progressMark)) {
      const text = line.slice(progressMark.length, progressMark.length + maxProgressLength);
      this.#count({ type: 'progress', text });
      return;
    }
    for (let start = 0; start === 0 || start < line.length; start += maxLineLength)
      this.#count({ type: 'log', stream, text: line.slice(start, start + maxLineLength) });
  }

  #count(event: SandboxEvent): void {
    if (this.#isFull) return;
    this.#totalBytes += Buffer.byteLength(JSON.stringify(event)) + 1;
    this.#isFull = this.#totalBytes > maxTotalBytes;
    const dropped = '[the rest of the log is dropped]';
    this.#send(this.#isFull ? { type: 'log', stream: 'stderr', text: dropped } : event);
  }
}
