import type { Outcome } from '../domain/outcome.ts';

/** A file as it was and as the sandbox wants it; null where it is absent. */
export interface ChangedSides {
  readonly path: string;
  readonly before: Uint8Array | null;
  readonly after: Uint8Array | null;
}

/** Gate 2's word on a patch: nothing to write, what it refuses, or fit for a maintainer's approval. */
export interface LocalGate {
  readonly status: 'empty' | 'refused' | 'approvable';
  /** One sentence each; they may quote paths from a sandbox. Empty unless refused. */
  readonly reasons: readonly string[];
}

/** The outcome of a local run and how to show it. */
export interface LocalReport {
  readonly format: 'text' | 'json' | 'sarif' | 'rdjsonl';
  readonly outcome: Outcome;
  readonly files: readonly ChangedSides[];
  /** Head bytes of the files that findings are about, by path; a missing one is shown without its line. */
  readonly sources: ReadonlyMap<string, Uint8Array>;
  /**
   * What gate 2 says of the patch; null: none was asked for. With it the patch is shown too: as text after
   * the findings, in JSON as a field; SARIF and rdjsonl always carry their fixes.
   */
  readonly gate: LocalGate | null;
  /** ANSI colours; for `text` only. */
  readonly isColoured: boolean;
}
