import type { AgentEvent } from '../protocol/agent-event.ts';
import type { SandboxEvent } from '../protocol/event.ts';
import type { StageName } from './stage-name.ts';

/** What an agent says that goes to the ledger. */
export type RecordedWord = Extract<AgentEvent, { readonly text: string }>;

/** An agent may say a hundred thousand things; the ledger is for more than one of them. */
const maxRecorded = 90;
/** Of ends, of which a whole run has one, and which no other words take the place of. */
const maxEnds = 10;

/** What a sandbox said, kept up to `maxBytes`, one JSON string a line, so that no text can forge a line. */
export class TaskLog {
  readonly #lines: string[] = [];
  readonly #maxBytes: number;
  #bytes = 0;
  readonly #recorded = new Map<string, number>();
  droppedBytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get lineCount(): number {
    return this.#lines.length;
  }

  /** May this go to the ledger, too? Of each sandbox of the run the first hundred may. */
  mayRecord(stage: StageName, word: AgentEvent): word is RecordedWord {
    if (!('text' in word)) return false;
    const isEnd = word.kind === 'end';
    const key = `${stage} ${isEnd}`;
    const count = this.#recorded.get(key) ?? 0;
    if (count >= (isEnd ? maxEnds : maxRecorded)) return false;
    this.#recorded.set(key, count + 1);
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
