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
  /** The day of the prices that it was reckoned by; null: the model has none. */
  readonly pricesAsOf: string | null;
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

/** Two of them together. */
export function sumOfTokens(a: TokenCounts, b: TokenCounts): TokenCounts {
  return {
    input: a.input + b.input,
    output: a.output + b.output,
    cacheRead: a.cacheRead + b.cacheRead,
    cacheWrite: a.cacheWrite + b.cacheWrite,
    cacheWriteHour: a.cacheWriteHour + b.cacheWriteHour,
  };
}

/** All tokens, whatever they cost. */
export function totalTokens(counts: TokenCounts): number {
  return (
    counts.input + counts.output + counts.cacheRead + counts.cacheWrite + counts.cacheWriteHour
  );
}

/** Micro-US-dollars, rounded up: a ceiling must not be passed in steps of nothing. */
export function costOf(counts: TokenCounts, price: ModelPrice | undefined): number {
  if (price === undefined) return 0;
  const prompt = totalTokens(counts) - counts.output;
  const { longPrompt } = price;
  const rates = longPrompt !== undefined && prompt > longPrompt.above ? longPrompt : price;
  // Tokens times micro-dollars pass 2^53 long before either does.
  const sum =
    BigInt(counts.input) * BigInt(rates.input) +
    BigInt(counts.output) * BigInt(rates.output) +
    BigInt(counts.cacheRead) * BigInt(rates.cacheRead) +
    BigInt(counts.cacheWrite) * BigInt(rates.cacheWrite) +
    BigInt(counts.cacheWriteHour) * BigInt(rates.cacheWriteHour);
  return Number((sum + 999_999n) / 1_000_000n);
}
