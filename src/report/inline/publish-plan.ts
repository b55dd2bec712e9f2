import { z } from 'zod';
import { FindingId } from '../../domain/finding-record.ts';
import { notInlineReasons } from '../leftover-words.ts';
import { Upkeep } from './upkeep.ts';

const count = z.int().nonnegative();
const line = z.int().positive();

/**
 * What a task is going to do on the diff of its pull request, decided once and kept: whatever happens to the process,
 * nothing of it is decided again from a pull request that already shows a part of it.
 */
export const PublishPlan = z.strictObject({
  /** Of each finding of the outcome, in its order. */
  ids: z.array(FindingId),
  /** Positions of findings that people dismissed before. */
  dismissed: z.array(count),
  /** Those of them that are not annotated either. */
  hidden: z.array(count),
  comments: z.array(
    z.strictObject({
      id: FindingId,
      path: z.string(),
      line,
      startLine: line.optional(),
      body: z.string(),
    }),
  ),
  fileComments: z.array(z.strictObject({ id: FindingId, path: z.string(), body: z.string() })),
  upkeep: z.array(Upkeep),
  notInline: z.array(z.enum(notInlineReasons)),
  /** Suggestions among `comments`. */
  suggestions: count,
  /** Findings by what became of them since the last task of this name; null where there was none. */
  since: z.strictObject({ fresh: count, persisting: count, fixed: count }).nullable(),
});
export type PublishPlan = z.infer<typeof PublishPlan>;

/** The plan of a task that says nothing on a diff. */
export const nothingInline: PublishPlan = {
  ids: [],
  dismissed: [],
  hidden: [],
  comments: [],
  fileComments: [],
  upkeep: [],
  notInline: [],
  suggestions: 0,
  since: null,
};

/** Is there nothing to do on the diff? */
export function saysNothing({ comments, fileComments, upkeep }: PublishPlan): boolean {
  return comments.length + fileComments.length + upkeep.length === 0;
}
