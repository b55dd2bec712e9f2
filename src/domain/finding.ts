import { z } from 'zod';
import { RepoPath } from './repo-path.ts';
import { shortList } from './short-list.ts';

/** How much a finding matters, from least to most. */
export const Severity = z.enum(['info', 'warning', 'error']);
export type Severity = z.infer<typeof Severity>;

const line = z.int().min(1).max(10_000_000);

/** How sure the tool is. */
export const Confidence = z.enum(['low', 'medium', 'high']);
export type Confidence = z.infer<typeof Confidence>;

/** Lines are 1-based and inclusive; columns are 1-based UTF-16 units, the end exclusive. */
export const Range = z
  .strictObject({
    startLine: line,
    endLine: line,
    startColumn: line.optional(),
    endColumn: line.optional(),
  })
  .refine((range) => range.endLine >= range.startLine, 'a range ends at or after its start');
export type Range = z.infer<typeof Range>;

/** Another place that a finding speaks of. */
export const RelatedPlace = z.strictObject({
  path: RepoPath,
  range: Range.optional(),
  message: z.string().min(1).max(500),
});
export type RelatedPlace = z.infer<typeof RelatedPlace>;

/** Most related places of one finding. */
export const maxRelated = 10;

/**
 * One thing an agent has to say about one place in the head tree.
 * All text is hostile until `report/sanitise` has rendered it.
 */
export const Finding = z.strictObject({
  tool: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/),
  rule: z.string().min(1).max(200),
  severity: Severity,
  path: RepoPath,
  /** Absent: the finding is about the file as a whole. */
  range: Range.optional(),
  message: z.string().min(1).max(8_000),
  helpUrl: z
    .url({ protocol: /^https$/ })
    .max(1_000)
    .optional(),
  confidence: Confidence.optional(),
  related: shortList(RelatedPlace, maxRelated).optional(),
  /** The tool's own mark of this finding, by which it knows it again after lines have moved. */
  toolFingerprint: z.string().min(1).max(200).optional(),
});
export type Finding = z.infer<typeof Finding>;
