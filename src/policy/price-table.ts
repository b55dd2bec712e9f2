import { z } from 'zod';

const price = z.int().nonnegative();

const rates = {
  input: price,
  output: price,
  cacheRead: price,
  /** Into a cache of five minutes, or of OpenAI's 30; `input` where a provider does not charge for it. */
  cacheWrite: price,
  /** Into a cache of an hour, or of OpenAI's 12. */
  cacheWriteHour: price,
};

/** Micro-US-dollars for a million tokens of one model. */
export const ModelPrice = z.strictObject({
  ...rates,
  /** Prices of a whole request whose prompt has more tokens than this, read from a cache or not. */
  longPrompt: z.strictObject({ above: z.int().min(1), ...rates }).optional(),
});
export type ModelPrice = z.infer<typeof ModelPrice>;

/** What models cost, as of a day. */
export const PriceTable = z.strictObject({
  version: z.literal(1),
  asOf: z.iso.date(),
  models: z.record(z.string().min(1), ModelPrice),
});
export type PriceTable = z.infer<typeof PriceTable>;

/** A day behind a model's name: the same model, and the same price. `-20250929` at Anthropic, `-2025-08-07` at OpenAI. */
const day = /-20\d{2}-?[01]\d-?[0-3]\d$/;

/** What a model costs; undefined for one that the table does not know, under its own name or without its day. */
export function priceOf({ models }: PriceTable, model: string): ModelPrice | undefined {
  const name = Object.hasOwn(models, model) ? model : model.replace(day, '');
  return Object.hasOwn(models, name) ? models[name] : undefined;
}
