import type { Hunk } from '../../../src/report/diff-hunks.ts';

/** What a pull request did to one file, and what a worker then made of it: the whole texts. */
export interface PlayedChange {
  /** On head. */
  readonly path: string;
  /** On base; the same as `path` unless the pull request renames the file. */
  readonly basePath: string;
  /** null when the pull request adds the file. */
  readonly base: string | null;
  readonly head: string;
  /** As the worker leaves it. */
  readonly fixed: string;
}

/** A change with the parts of the head file that the diff shows, and what else meets in its plan. */
export interface ShownChange extends PlayedChange {
  readonly hunks: readonly Hunk[];
  /** Findings on lines of the head file, in the words of a hostile agent. */
  readonly findings: readonly (readonly [line: number, message: string])[];
  /** In which order people commit the suggestions: the one with the lowest number first. */
  readonly dice: readonly number[];
}
