import type { SandboxEvent } from '../protocol/event.ts';
import { progressWords } from '../protocol/progress-words.ts';

/** Longest progress text shown, in UTF-16 units; a line that wraps cannot be cleared. */
const maxText = 70;

/** One line on a terminal that says what is going on; nothing where there is no terminal. */
export class ProgressLine {
  readonly #out: NodeJS.WriteStream;

  constructor(out: NodeJS.WriteStream) {
    this.#out = out;
  }

  /** Shows phases and progress. Log lines of a sandbox are not for the terminal. */
  show(event: SandboxEvent): void {
    if (event.type === 'phase') this.say(event.phase);
    const words = progressWords(event);
    if (words !== undefined) this.say(words);
  }

  /** The text may come from a sandbox: only printable ASCII reaches the terminal. */
  say(text: string): void {
    if (!this.#out.isTTY) return;
    const plain = text.replace(/[^\x20-\x7e]/g, '?').slice(0, maxText);
    this.#out.write(`\r\u001b[K${plain}`);
  }

  clear(): void {
    if (this.#out.isTTY) this.#out.write('\r\u001b[K');
  }
}
