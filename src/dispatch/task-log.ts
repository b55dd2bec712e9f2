import type { AgentEvent } from '../protocol/agent-event.ts';
import type { SandboxEvent } from '../protocol/event.ts';

/** What an agent says that goes to the ledger. */
export type RecordedWord = Extract<AgentEvent, { readonly text: string }>;

/** An agent may say a hundred thousand things; the ledger is for more than one of them. */
const maxRecorded = 100;

/** What a sandbox said, kept up to `maxBytes`, one JSON string a line, so that no text can forge a line. */
export class TaskLog {
  readonly #lines: string[] = [];
  readonly #maxBytes: number;
  #bytes = 0;
  #recorded = 0;
  droppedBytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get lineCount(): number {
    return this.#lines.length;
  }

  /** May this go to the ledger, too? Of each run only the first hundred may. */
  mayRecord(word: AgentEvent): word is RecordedWord {
    if (!('text' in word) || this.#recorded >= maxRecorded) return false;
    this.#recorded += 1;
    return true;
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
