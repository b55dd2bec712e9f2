import { z } from 'zod';

const place = z.int().min(1).max(10_000_000);

/** Most edits of one fix. */
export const maxFixEdits = 100;

/**
 * Replaces the text between two places of a file; an empty stretch is an insertion. Lines are 1-based, columns
 * 1-based UTF-16 units, the end is exclusive. Without `endColumn` it ends where the content of its line does,
 * before the line's ending. Line n + 1 of a file of n lines, column 1, is its end.
 */
export const TextEdit = z.strictObject({
  startLine: place,
  startColumn: place,
  endLine: place,
  endColumn: place.optional(),
  newText: z
    .string()
    .max(100_000)
    .refine((text) => text.isWellFormed(), 'text is well-formed Unicode'),
});
export type TextEdit = z.infer<typeof TextEdit>;
