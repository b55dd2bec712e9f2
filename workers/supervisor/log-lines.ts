import { StringDecoder } from 'node:string_decoder';
import { AgentEvent } from '../../src/protocol/agent-event.ts';
import {
  bytesOnWire,
  maxEndBytes,
  maxSaidBytes,
  type SandboxEvent,
} from '../../src/protocol/event.ts';

type Stream = 'stdout' | 'stderr';

/** Longest `text` of a log event, as the protocol has it; a longer line is split. */
const maxLineLength = 16_384;
const maxProgressLength = 300;
/** All log bytes of an agent as they go over the wire; what is beyond is read and dropped. */
const maxTotalBytes = 1024 * 1024;
const progressMark = '::progress ';
const eventMark = '::event ';

/**
 * Turns what an agent prints into events: a line each, `::progress ` lines of stdout as progress, and `::event ` lines
 * with an `AgentEvent` as that. One that is none stays a line of the log.
 */
export class LogLines {
  readonly #send: (event: SandboxEvent) => void;
  readonly #decoders = { stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8') };
  readonly #partial = { stdout: '', stderr: '' };
  // Has the beginning of the line been sent? What follows is no beginning, whatever it looks like.
  readonly #isSplit = { stdout: false, stderr: false };
  #totalBytes = 0;
  // Apart from the log, and its ends apart from both: no flood drowns its last word.
  #saidBytes = 0;
  #endBytes = 0;
  /** All that was printed, kept or not. */
  outputBytes = 0;

  constructor(send: (event: SandboxEvent) => void) {
    this.#send = send;
  }

  take(stream: Stream, chunk: Buffer): void {
    this.outputBytes += chunk.length;
    if (this.#isFull && this.#isSilent && this.#hasEnded) return;
    const lines = (this.#partial[stream] + this.#decoders[stream].write(chunk)).split('\n');
    const last = lines.pop() ?? '';
    for (const line of lines) {
      this.#line(stream, line);
      this.#isSplit[stream] = false;
    }
    // A line without an end is sent in pieces rather than collected.
    const whole = last.length - (last.length % maxLineLength);
    if (whole > 0) {
      this.#line(stream, last.slice(0, whole));
      this.#isSplit[stream] = true;
    }
    this.#partial[stream] = last.slice(whole);
  }

  /** Sends what is left of lines without an end. */
  end(): void {
    for (const stream of ['stdout', 'stderr'] as const) {
      const rest = this.#partial[stream] + this.#decoders[stream].end();
      if (rest !== '') this.#line(stream, rest);
    }
  }

  get #isFull(): boolean {
    return this.#totalBytes > maxTotalBytes;
  }

  get #isSilent(): boolean {
    return this.#saidBytes > maxSaidBytes;
  }

  get #hasEnded(): boolean {
    return this.#endBytes > maxEndBytes;
  }

  #line(stream: Stream, line: string): void {
    const canSay = stream === 'stdout' && !this.#isSplit.stdout;
    const said = canSay ? saidIn(line) : undefined;
    if (said !== undefined) {
      this.#say(said);
      return;
    }
    for (let start = 0; start === 0 || start < line.length; start += maxLineLength)
      this.#count({ type: 'log', stream, text: line.slice(start, start + maxLineLength) });
  }

  #say(event: SandboxEvent): void {
    const isEnd = event.type === 'agent' && event.event.kind === 'end';
    if (isEnd) this.#endBytes += bytesOnWire(event);
    else this.#saidBytes += bytesOnWire(event);
    if (!(isEnd ? this.#hasEnded : this.#isSilent)) this.#send(event);
  }

  #count(event: SandboxEvent): void {
    if (this.#isFull) return;
    this.#totalBytes += bytesOnWire(event);
    const dropped = '[the rest of the log is dropped]';
    this.#send(this.#isFull ? { type: 'log', stream: 'stderr', text: dropped } : event);
  }
}

/** What a marked line says; undefined where it has no mark, or nothing behind it that is known. */
function saidIn(line: string): SandboxEvent | undefined {
  if (line.startsWith(progressMark)) {
    const text = line.slice(progressMark.length, progressMark.length + maxProgressLength);
    return { type: 'progress', text };
  }
  if (!line.startsWith(eventMark)) return undefined;
  const event = AgentEvent.safeParse(jsonOf(line.slice(eventMark.length)));
  return event.success ? { type: 'agent', event: event.data } : undefined;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
