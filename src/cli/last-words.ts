import type { SandboxEvent } from '../protocol/event.ts';
import { plainLine } from '../report/sanitise.ts';

/** Enough to see why an agent gave up. */
const keptLines = 20;
/** Longest line kept, in UTF-16 units. */
const maxLine = 300;

/** The last lines that a sandbox said, for a run that ended without a result. */
export class LastWords {
  readonly #lines: string[] = [];

  /** Keeps log lines only. The text is hostile, so nothing of it may drive a terminal. */
  add(event: SandboxEvent): void {
    if (event.type !== 'log') return;
    this.#lines.push(plainLine(event.text, maxLine));
    if (this.#lines.length > keptLines) this.#lines.shift();
  }

  /** The lines, oldest first. */
  get lines(): readonly string[] {
    return this.#lines;
  }
}
