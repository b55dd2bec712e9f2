import { z } from 'zod';
import { Finding, Severity } from './finding.ts';
import { TaskId } from './ids.ts';
import { RepoPath } from './repo-path.ts';

const Mark = z.string().regex(/^[0-9a-f]{32}$/, 'a mark is 32 hex digits');

/** What a finding is known again by: digests of 32 hex digits. */
export const Marks = z.strictObject({
  /** Of tool, rule, and the text that the finding is about, without white space. */
  key: Mark,
  /** Of two lines with something in them on each side, without white space: tells equals apart. */
  near: Mark,
  /** Of the tool's own fingerprint; null where it has none. */
  toolKey: Mark.nullable(),
});
export type Marks = z.infer<typeof Marks>;

/** Where people see a finding. */
export const FindingPlace = z.enum(['check', 'inline', 'file']);
export type FindingPlace = z.infer<typeof FindingPlace>;

/** Dismissed is for good; what is fixed may come back. */
export const FindingState = z.enum(['open', 'fixed', 'dismissed']);
export type FindingState = z.infer<typeof FindingState>;

/** Somebody's word that a finding is not to be shown again. */
export const Dismissal = z.strictObject({
  /** Null where GitHub does not say who. */
  byId: z.int().positive().nullable(),
  via: z.enum(['resolved', 'thumbs-down', 'command']),
  /** Said by somebody who may approve: the conclusion does not count it any more. */
  waives: z.boolean(),
  atMs: z.int().nonnegative(),
});
export type Dismissal = z.infer<typeof Dismissal>;

/** The name of a finding on its pull request: 12 hex digits. */
export const FindingId = z.string().regex(/^[0-9a-f]{12}$/, 'a finding id is 12 hex digits');

/** One finding of one task name over the life of a pull request. */
export const FindingRecord = z
  .strictObject({
    id: FindingId,
    tool: Finding.shape.tool,
    rule: Finding.shape.rule,
    severity: Severity,
    path: RepoPath,
    marks: Marks,
    state: FindingState,
    place: FindingPlace,
    firstTask: TaskId,
    lastTask: TaskId,
    dismissal: Dismissal.nullable(),
  })
  .refine(
    ({ state, dismissal }) => (state === 'dismissed') === (dismissal !== null),
    'whoever dismissed it is told of what is dismissed, and of nothing else',
  );
export type FindingRecord = z.infer<typeof FindingRecord>;
