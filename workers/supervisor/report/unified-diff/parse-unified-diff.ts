import { maxPatchHunks, type PatchedFile } from '../../../../src/protocol/patched-file.ts';
import { readLabels } from './diff-labels.ts';
import { type HunkLines, readHunk } from './read-hunk.ts';

/** Lines of git's extended headers that say what a diff of texts cannot do here, and in which words. */
const refusals: readonly (readonly [RegExp, string])[] = [
  [/^(?:rename|copy) (?:from|to) /, 'it renames or copies a file; leave a deletion and a new file'],
  [/^(?:old|new) mode /, 'it changes the mode of a file'],
  [/^new file mode (?!100644$)/, 'it makes a file that is no plain one'],
  [/^(?:GIT binary patch|Binary files )/, 'it changes a file that is no text'],
];

/**
 * The files of a unified diff (git's or GNU diff's) in its order. What stands between sections is passed over.
 * @throws Error that names the line and what is wrong with it
 */
export function parseUnifiedDiff(text: string, workspace: string): PatchedFile[] {
  const lines = text.split('\n');
  // The ending of the last line is no line of its own.
  if (lines.at(-1) === '') lines.pop();
  const diff = new UnifiedDiff(lines, workspace);
  try {
    return diff.read();
  } catch (cause) {
    const what = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`patch.diff, line ${diff.at + 1}: ${what}`, { cause });
  }
}

class UnifiedDiff implements HunkLines {
  /** Index of the line that is looked at. */
  at = 0;
  readonly lines: readonly string[];
  readonly #workspace: string;
  readonly #files = new Map<string, PatchedFile>();
  #hunks = 0;
  /** Was a file announced that has no labels yet? */
  #isOwed = false;

  constructor(lines: readonly string[], workspace: string) {
    this.lines = lines;
    this.#workspace = workspace;
  }

  read(): PatchedFile[] {
    while (this.at < this.lines.length) this.#readHeader(this.lines[this.at] ?? '');
    this.#settle();
    return [...this.#files.values()];
  }

  #readHeader(line: string): void {
    const refusal = refusals.find(([pattern]) => pattern.test(line));
    if (refusal !== undefined) throw new Error(refusal[1]);
    if (line.startsWith('@@ ')) throw new Error('a hunk of no file');
    if (line.startsWith('diff --git ')) this.#settle();
    if (/^(?:new|deleted) file mode /.test(line)) this.#isOwed = true;
    if (line.startsWith('--- ') && this.lines[this.at + 1]?.startsWith('+++ '))
      this.#readFile(line);
    else this.at += 1;
  }

  #readFile(line: string): void {
    const newLabel = this.lines[this.at + 1] ?? '';
    const labelled = readLabels(line.slice(4), newLabel.slice(4), this.#workspace);
    if (this.#files.has(labelled.path)) throw new Error('a file for the second time');
    this.#isOwed = false;
    this.at += 2;
    const file: PatchedFile = { ...labelled, hunks: [] };
    this.#files.set(file.path, file);
    while (this.lines[this.at]?.startsWith('@@ ')) {
      this.#hunks += 1;
      if (this.#hunks > maxPatchHunks) throw new Error(`more than ${maxPatchHunks} hunks`);
      file.hunks.push(readHunk(this));
      if (this.#isStray()) throw new Error('a hunk with more lines than it counts');
    }
    if (file.hunks.length === 0) throw new Error('a file without hunks');
  }

  /** Would the next line be one of the hunk, had its header counted it? Passing it over would lose it. */
  #isStray(): boolean {
    const [line = '', next = ''] = this.lines.slice(this.at, this.at + 2);
    const isLabel = line.startsWith('--- ') && next.startsWith('+++ ');
    // `git format-patch` ends with a signature like a mail's.
    return /^[-+ ]/.test(line) && !isLabel && line !== '-- ';
  }

  #settle(): void {
    if (this.#isOwed) throw new Error('it makes or deletes an empty file');
  }
}
