import { Choices } from '../support/lives/choices.ts';

/** A kind of line that a linter has something to say about, by a word that tells it from others. */
const faults = {
  '.py': [(word: string) => `print(${word})`],
  '.sh': [(word: string) => `echo "$${word}"`, (word: string) => `echo "\`date\` ${word}"`],
} as const;
const plain = {
  '.py': (word: string) => `print("${word}")`,
  '.sh': (word: string) => `echo "${word}"`,
} as const;
type Kind = keyof typeof faults;

interface Line {
  text: string;
  /** The word of its fault; null where there is none. */
  readonly fault: string | null;
}

interface PushedFile {
  path: string;
  readonly kind: Kind;
  lines: Line[];
}

const head: Readonly<Record<Kind, readonly string[]>> = { '.py': [], '.sh': ['#!/bin/sh'] };

/** The files of a branch over many pushes: shifts, new faults, fixes, faults that come back, indentation, renames. */
export class PushedFiles {
  readonly #choices: Choices;
  readonly #files: PushedFile[];
  /** Lines that lost their fault, and what stands there instead. */
  readonly #mended: { readonly file: PushedFile; readonly line: Line; readonly instead: Line }[] =
    [];
  #words = 0;

  constructor(seed: number) {
    this.#choices = new Choices(seed);
    this.#files = (['.py', '.sh'] as const).map((kind) => this.#file(`tools/first${kind}`, kind));
  }

  /** Path → text. */
  get texts(): ReadonlyMap<string, string> {
    return new Map(
      this.#files.map(({ path, kind, lines }) => {
        const all = [...head[kind], ...lines.map(({ text }) => text)];
        return [path, all.map((text) => `${text}\n`).join('')];
      }),
    );
  }

  /** Words of the faults that are there now, and the lines on which they stand. */
  get faults(): ReadonlyMap<string, { readonly path: string; readonly line: number }> {
    return new Map(
      this.#files.flatMap(({ path, kind, lines }) =>
        lines.flatMap(({ fault }, at) =>
          fault === null ? [] : [[fault, { path, line: head[kind].length + at + 1 }] as const],
        ),
      ),
    );
  }

  /** The changes of push number `push`, from 1: each kind in its turn, a new fault and a shift with every one. */
  push(push: number): void {
    const file = this.#pick();
    this.#grow(file);
    this.#plant(this.#pick());
    const turns = [
      () => this.#mend(),
      () => this.#rename(this.#pick()),
      () => this.#putBack(),
      () => this.#indent(),
      () => this.#mend(),
    ];
    turns[push % turns.length]?.();
  }

  #pick(): PushedFile {
    return this.#choices.pick(this.#files) as PushedFile;
  }

  #grow({ kind, lines }: PushedFile): void {
    const count = 1 + this.#choices.below(3);
    const added = Array.from({ length: count }, () => this.#plain(kind));
    lines.splice(this.#choices.below(3), 0, ...added);
  }

  /** With clean lines around it: two suggestions on neighbouring lines are one. */
  #plant({ kind, lines }: PushedFile): void {
    const word = this.#word();
    const text = this.#choices.pick<(of: string) => string>(faults[kind])?.(word) ?? '';
    const around = () => Array.from({ length: 3 }, () => this.#plain(kind));
    lines.splice(lines.length, 0, ...around(), { text, fault: word }, ...around());
  }

  #mend(): void {
    const file = this.#pick();
    const line = this.#choices.pick(file.lines.filter(({ fault }) => fault !== null));
    if (line === undefined) return;
    const instead = this.#plain(file.kind);
    this.#mended.push({ file, line, instead });
    file.lines[file.lines.indexOf(line)] = instead;
  }

  #putBack(): void {
    const back = this.#mended.shift();
    if (back !== undefined) back.file.lines[back.file.lines.indexOf(back.instead)] = back.line;
  }

  /** A shell does not mind. */
  #indent(): void {
    const lines = this.#files.find(({ kind }) => kind === '.sh')?.lines ?? [];
    for (const line of lines.slice(2)) line.text = `  ${line.text}`;
  }

  #rename(file: PushedFile): void {
    file.path = `tools/${this.#word()}${file.kind}`;
  }

  #file(path: string, kind: Kind): PushedFile {
    return { path, kind, lines: Array.from({ length: 30 }, () => this.#plain(kind)) };
  }

  #plain(kind: Kind): Line {
    return { text: plain[kind](`plain_${this.#word()}`), fault: null };
  }

  /** Of letters that codespell finds nothing in. */
  #word(): string {
    this.#words += 1;
    const digits = this.#words.toString().padStart(4, '0');
    return `w${digits.replaceAll(/\d/g, (digit) => 'bcdfghjkmn'.charAt(Number(digit)))}`;
  }
}

/** The word of the fault on a line; undefined where there is none. */
export function wordIn(text: string): string | undefined {
  return /(?<![a-z_])w[bcdfghjkmn]{4}\b/.exec(text)?.[0];
}
