import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  writeSync,
} from 'node:fs';
import { maxJournalBytes } from '../../src/protocol/journal.ts';
import { Refusal } from './agent-tool.ts';

const { O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_WRONLY } = constants;

/**
 * A file of one JSON a line, which the supervisor reads when the agent has ended. It is the agent's own: what is in
 * it is read anew each time, since another process of the agent may have written to it.
 */
export class Journal {
  readonly #place: string;

  constructor(place: string) {
    this.#place = place;
  }

  /** Every line so far. @throws Refusal when it is no file, or has a line that is no JSON */
  lines(): readonly unknown[] {
    const text = this.#text()
      .split('\n')
      .filter((line) => line.trim() !== '');
    return text.map((line, index) => {
      try {
        return JSON.parse(line) as unknown;
      } catch {
        throw new Refusal(`Line ${index + 1} of ${this.#place} is no JSON. Remove it.`);
      }
    });
  }

  /** Adds a line, or nothing. @throws Refusal when there is no room, or the place is no file */
  add(value: unknown): void {
    const line = Buffer.from(`${JSON.stringify(value)}\n`);
    const file = this.#open(O_WRONLY | O_APPEND | O_CREAT);
    try {
      const { size } = fstatSync(file);
      if (size + line.length > maxJournalBytes)
        throw new Refusal(`There is no room for more: ${this.#place} may have 2 MiB.`);
      writeWhole(file, line, size);
    } finally {
      closeSync(file);
    }
  }

  #text(): string {
    let file: number;
    try {
      file = this.#open(O_RDONLY);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
      throw error;
    }
    try {
      if (fstatSync(file).size > maxJournalBytes)
        throw new Refusal(`${this.#place} has more than the 2 MiB that it may have.`);
      return readFileSync(file, 'utf8');
    } finally {
      closeSync(file);
    }
  }

  /** Nothing but a file: no link to another, no pipe that nobody reads. */
  #open(flags: number): number {
    let file: number;
    try {
      file = openSync(this.#place, flags | O_NOFOLLOW | O_NONBLOCK, 0o644);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ELOOP' || code === 'ENXIO' || code === 'EISDIR') throw this.#noFile();
      throw error;
    }
    if (fstatSync(file).isFile()) return file;
    closeSync(file);
    throw this.#noFile();
  }

  #noFile(): Refusal {
    return new Refusal(`${this.#place} is no regular file. Remove it.`);
  }
}

/** What a full folder has room for is a part of a line at times, and a part of a line is none. */
function writeWhole(file: number, line: Buffer, size: number): void {
  let written = 0;
  try {
    while (written < line.length) written += writeSync(file, line, written);
  } catch (error) {
    // Where another process has written too, its line counts more.
    if (fstatSync(file).size === size + written) ftruncateSync(file, size);
    throw error;
  }
}
