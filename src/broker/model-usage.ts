import type { ModelPrice } from '../policy/price-table.ts';

/** Tokens of one answer, as the provider counts them. */
export interface TokenCounts {
  /** Neither read from a cache nor written to one. */
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly cacheWriteHour: number;
}

/** What one exchange with a model used. */
export interface ModelUsage extends TokenCounts {
  readonly model: string;
  /** Zero for a model without a price. */
  readonly costMicroUsd: number;
  /** The provider's count did not come, so that the numbers are estimates. */
  readonly isEstimate: boolean;
}

/** Nothing used. */
export const noTokens: TokenCounts = {
  input: 0,
  output: 0,
  cacheRead: 0,
  cacheWrite: 0,
  cacheWriteHour: 0,
};

/** All tokens, whatever they cost. */
export function totalTokens(counts: TokenCounts): number {
  return (
    counts.input + counts.output + counts.cacheRead + counts.cacheWrite + counts.cacheWriteHour
  );
}

/** Micro-US-dollars, rounded up: a ceiling must not be passed in steps of nothing. */
export function costOf(counts: TokenCounts, price: ModelPrice | undefined): number {
  if (price === undefined) return 0;
  // Tokens times micro-dollars pass 2^53 long before either does.
  const sum =
    BigInt(counts.input) * BigInt(price.input) +
    BigInt(counts.output) * BigInt(price.output) +
    BigInt(counts.cacheRead) * BigInt(price.cacheRead) +
    BigInt(counts.cacheWrite) * BigInt(price.cacheWrite) +
    BigInt(counts.cacheWriteHour) * BigInt(price.cacheWriteHour);
  return Number((sum + 999_999n) / 1_000_000n);
}
