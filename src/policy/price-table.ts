import { z } from 'zod';

const price = z.int().nonnegative();

/** Micro-US-dollars for a million tokens of one model. */
export const ModelPrice = z.strictObject({
  input: price,
  output: price,
  cacheRead: price,
  /** Into a cache of five minutes; `input` where a provider does not charge for it. */
  cacheWrite: price,
  /** Into a cache of an hour. */
  cacheWriteHour: price,
});
export type ModelPrice = z.infer<typeof ModelPrice>;

/** What models cost, as of a day. */
export const PriceTable = z.strictObject({
  version: z.literal(1),
  asOf: z.iso.date(),
  models: z.record(z.string().min(1), ModelPrice),
});
export type PriceTable = z.infer<typeof PriceTable>;
