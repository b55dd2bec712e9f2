import type { RepoPath } from '../domain/repo-path.ts';
import type { SourceSnapshot } from '../ports/source.ts';
import { splitLines } from '../report/text-lines.ts';

/** Bytes of text that the columns and fixes of one report may make the control plane hold. */
const maxTextBytes = 16 * 1024 * 1024;

/** A text file of the head tree. */
export interface PristineText {
  /** Each with its own ending. */
  readonly lines: readonly string[];
  readonly executable: boolean;
}

/** The text files of the head tree that a report speaks of, each read once. */
export class PristineTexts {
  readonly snapshot: SourceSnapshot;
  readonly #texts = new Map<string, PristineText | undefined>();
  #left = maxTextBytes;

  constructor(snapshot: SourceSnapshot) {
    this.snapshot = snapshot;
  }

  /** Undefined for what is no text file, was not given to the agent, or is more than is held for one report. */
  async read(path: RepoPath): Promise<PristineText | undefined> {
    if (!this.#texts.has(path)) this.#texts.set(path, await this.#read(path));
    return this.#texts.get(path);
  }

  async #read(path: RepoPath): Promise<PristineText | undefined> {
    const isOmitted = this.snapshot.omitted.some((omitted) => omitted.path === path);
    if (this.#left <= 0 || isOmitted || this.snapshot.kindInHead(path) !== 'file') return undefined;
    const file = await this.snapshot.readHead(path);
    if (file === undefined) return undefined;
    this.#left -= file.bytes.byteLength;
    const text = this.#left < 0 ? undefined : splitLines(file.bytes);
    if (text?.kind !== 'text') return undefined;
    return { lines: text.lines, executable: file.executable };
  }
}
