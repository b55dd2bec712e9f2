import type { Outcome } from '../domain/outcome.ts';

/** A file as it was and as the sandbox wants it; null where it is absent. */
export interface ChangedSides {
  readonly path: string;
  readonly before: Uint8Array | null;
  readonly after: Uint8Array | null;
}

/** The outcome of a local run and how to show it. */
export interface LocalReport {
  readonly format: 'text' | 'json' | 'sarif';
  readonly outcome: Outcome;
  readonly files: readonly ChangedSides[];
  /** Head bytes of the files that findings are about, by path; a missing one is shown without its line. */
  readonly sources: ReadonlyMap<string, Uint8Array>;
  /** Show the patch too: as text after the findings, in JSON as a field; SARIF always carries its fixes. */
  readonly showPatch: boolean;
  /** ANSI colours; for `text` only. */
  readonly isColoured: boolean;
}
