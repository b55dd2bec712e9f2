import { z } from 'zod';

/**
 * A list of at most `most` items, counted before any is looked at: a schema notes each fault of each item,
 * and a megabyte of faulty ones would be a gigabyte of notes.
 */
export function shortList<Item extends z.ZodType>(item: Item, most: number) {
  const isShort = (value: unknown): boolean => !Array.isArray(value) || value.length <= most;
  return z.unknown().refine(isShort, `more than ${most}`).pipe(z.array(item));
}
