import { Readable } from 'node:stream';
import { SallyportError } from '../../errors.ts';
import { ByteReader } from './byte-reader.ts';
import type { GitProcess } from './git-process.ts';
import { startGit } from './git-process.ts';
import type { Mirror } from './mirror.ts';

const headerPattern = /^([0-9a-f]{40}) blob (\d+)$/;

/** One `git cat-file --batch` process: asked by id, answering in order, with backpressure. */
export class BlobStream {
  readonly #git: GitProcess;
  readonly #reader: ByteReader;

  constructor(mirror: Mirror, signal: AbortSignal, options: readonly string[] = []) {
    const args = [`--git-dir=${mirror.gitDir}`, 'cat-file', '--batch', ...options];
    this.#git = startGit({ binary: mirror.binary, args, signal });
    this.#reader = new ByteReader(this.#git.stdout);
    // A reader that waits is told by the end of the stream; nobody awaits the process itself.
    this.#git.ended.catch(() => undefined);
  }

  /** Asks for one blob; its answer is the next but those asked for before. */
  ask(sha: string): void {
    this.#git.stdin.write(`${sha}\n`);
  }

  /** Asks for all of them, as fast as git takes the question, and for no more. */
  askAll(shas: Iterable<string>): void {
    const lines = function* lines(): Generator<string> {
      for (const sha of shas) yield `${sha}\n`;
    };
    Readable.from(lines()).pipe(this.#git.stdin);
  }

  /**
   * Size of the blob whose answer is next. Its bytes must then be taken with `content`.
   * @throws SallyportError `git.failed` when it is absent, no blob, or not the one expected
   */
  async open(expectedSha: string): Promise<number> {
    const match = headerPattern.exec(await this.#reader.line());
    if (match?.[1] !== expectedSha)
      throw new SallyportError('git.failed', 'an object of the mirror is missing');
    return Number(match[2]);
  }

  /** The bytes of the open blob in pieces. */
  async *pieces(bytes: number): AsyncGenerator<Buffer> {
    yield* this.#reader.take(bytes);
    await this.#reader.read(1);
  }

  /** The bytes of the open blob at once. */
  async content(bytes: number): Promise<Buffer> {
    const whole = await this.#reader.read(bytes + 1);
    return whole.subarray(0, bytes);
  }

  /** Ends the process. Safe at any time. */
  close(): void {
    this.#git.kill();
  }
}
