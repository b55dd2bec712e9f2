import type { SandboxEvent } from '../../../src/protocol/event.ts';
import {
  type ExecEntry,
  maxArguments,
  maxArgvBytes,
  maxBatchBytes,
  maxBatchItems,
  maxRecordBytes,
  maxRecords,
} from '../../../src/protocol/exec-record.ts';

/** Gathers entries into events, and stops telling at the record's ceilings; what is over is counted. */
export class ExecBatches {
  readonly #send: (event: SandboxEvent) => void;
  #batch: ExecEntry[] = [];
  #batchBytes = 0;
  #entries = 0;
  #starts = 0;
  #bytes = 0;
  /** Entries that the record had no room for. */
  dropped = 0;

  constructor(send: (event: SandboxEvent) => void) {
    this.#send = send;
  }

  add(entry: ExecEntry): void {
    if (this.dropped > 0) {
      this.dropped += 1;
      return;
    }
    const told = entry.kind === 'exec' ? shortened(entry) : entry;
    const bytes = Buffer.byteLength(JSON.stringify(told)) + 1;
    if (this.#isFull(told, bytes)) {
      this.flush();
      this.dropped = 1;
      this.#send({ type: 'exec-capped', entries: this.#entries });
      return;
    }
    this.#keep(told, bytes);
  }

  /** Sends what has been gathered. */
  flush(): void {
    if (this.#batch.length === 0) return;
    this.#send({ type: 'exec', batch: this.#batch });
    this.#batch = [];
    this.#batchBytes = 0;
  }

  #isFull(entry: ExecEntry, bytes: number): boolean {
    const isStart = entry.kind !== 'exit';
    return this.#bytes + bytes > maxRecordBytes || (isStart && this.#starts >= maxRecords);
  }

  #keep(entry: ExecEntry, bytes: number): void {
    const isOver = this.#batchBytes + bytes > maxBatchBytes || this.#batch.length === maxBatchItems;
    if (isOver) this.flush();
    this.#batch.push(entry);
    this.#batchBytes += bytes;
    this.#bytes += bytes;
    this.#entries += 1;
    if (entry.kind !== 'exit') this.#starts += 1;
  }
}

type Exec = Extract<ExecEntry, { kind: 'exec' }>;

/** The path and as many arguments as fit, the last of them cut. */
function shortened(entry: Exec): Exec {
  let room = maxArgvBytes;
  let truncated = entry.truncated;
  const within = (text: string): string => {
    const cut = cutTo(text, room);
    truncated ||= cut !== text;
    // Three for the quotes and the comma, so that many empty arguments have an end too.
    room -= Buffer.byteLength(cut) + 3;
    return cut;
  };
  const path = within(entry.path);
  const argv: string[] = [];
  for (const argument of entry.argv) {
    if (room <= 0 || argv.length === maxArguments) {
      truncated = true;
      break;
    }
    argv.push(within(argument));
  }
  return { ...entry, path, argv, truncated };
}

function cutTo(text: string, maxBytes: number): string {
  if (Buffer.byteLength(text) <= maxBytes) return text;
  // A character that is cut becomes U+FFFD, of three bytes; it goes.
  return Buffer.from(text)
    .subarray(0, Math.max(maxBytes, 0))
    .toString('utf8')
    .replace(/\uFFFD$/, '');
}
