import type { SandboxEvent } from '../protocol/event.ts';

/** What a sandbox said, kept up to `maxBytes`, one JSON string a line, so that no text can forge a line. */
export class TaskLog {
  readonly #lines: string[] = [];
  readonly #maxBytes: number;
  #bytes = 0;
  droppedBytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get lineCount(): number {
    return this.#lines.length;
  }

  /** Adds an event; what does not fit is counted and dropped. */
  add(event: SandboxEvent): void {
    const line = JSON.stringify(event);
    const size = Buffer.byteLength(line) + 1;
    if (this.#bytes + size > this.#maxBytes) {
      this.droppedBytes += size;
      return;
    }
    this.#bytes += size;
    this.#lines.push(line);
  }

  bytes(): Uint8Array {
    return Buffer.from(this.#lines.map((line) => `${line}\n`).join(''));
  }
}
