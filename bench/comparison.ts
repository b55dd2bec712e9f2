/** What is asked of a case, of the median over all pairs. */
export type Target =
  | { readonly kind: 'ratio'; readonly atMost: number }
  | { readonly kind: 'ratio'; readonly atLeast: number }
  | { readonly kind: 'added'; readonly atMost: number }
  /** Of what was measured itself, whatever the baseline. */
  | { readonly kind: 'measured'; readonly atMost: number };

/** One thing that is measured, and what it is held against in the same run. */
export interface Comparison {
  readonly name: string;
  /** What the numbers are of, for a reader of the table. */
  readonly title: string;
  readonly baseline: string;
  readonly unit: 'ms' | 'MB/s' | 'requests/s';
  /** Null: measured to explain another case, and held to nothing. */
  readonly target: Target | null;
  /** How many pairs, unless the caller says otherwise. */
  readonly rounds: number;
}

/** A comparison that is ready to be measured. */
export interface OpenComparison extends Comparison {
  measure(): Promise<Measured>;
  measureBaseline(): Promise<Measured>;
  close(): Promise<void>;
}

/** One measurement. */
export interface Measured {
  readonly value: number;
  /** Where the time went, by name, ms. */
  readonly stages?: Readonly<Record<string, number>>;
}
