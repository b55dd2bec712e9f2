/** So many within any stretch of so long. */
export interface ContentLimit {
  readonly most: number;
  readonly spanMs: number;
}

/**
 * How much content one installation creates at most. GitHub has 80 a minute and 500 an hour ("Rate limits for the
 * REST API", secondary rate limits); these are below them, since what people do in our name counts as well.
 */
export const contentLimits: readonly ContentLimit[] = [
  { most: 70, spanMs: 60_000 },
  { most: 450, spanMs: 3_600_000 },
];
