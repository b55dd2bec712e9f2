import { z } from 'zod';
import { Glob } from '../glob.ts';

/** What happens to a pull request, in GitHub's words; `retargeted` is ours for a new base branch. */
export const PullRequestEvent = z.enum([
  'opened',
  'synchronize',
  'reopened',
  'ready_for_review',
  'retargeted',
  'labeled',
]);
export type PullRequestEvent = z.infer<typeof PullRequestEvent>;

/** What happens to an issue, in GitHub's words. */
export const IssueEvent = z.enum(['opened']);

const globs = z.array(Glob).max(200);
const labels = z.array(z.string().min(1).max(100)).max(100);

/** When a task starts. The nearest layer that says a value wins: starting more often widens nothing. */
export const Triggers = z.strictObject({
  events: z
    .array(PullRequestEvent)
    .describe('Events that start the task by themselves. Empty: by command only.')
    .optional(),
  issues: z
    .array(IssueEvent)
    .describe('Events of issues that start a task of triage by themselves. Empty: by command only.')
    .optional(),
  branches: globs
    .min(1)
    .describe('Base branches, as globs, whose pull requests start it.')
    .optional(),
  paths: globs
    .min(1)
    .describe('Start only when a changed file matches one of these globs.')
    .optional(),
  ignorePaths: globs
    .describe('Changed files that do not count; when none is left, do not start.')
    .optional(),
  labels: z
    .strictObject({
      any: labels
        .describe('Start only with one of these labels. Empty: with any or none.')
        .optional(),
      none: labels.describe('Do not start with one of these labels.').optional(),
    })
    .describe('Labels of the pull request, compared without case.')
    .optional(),
  drafts: z.boolean().describe('Does a draft start it?').optional(),
  command: z.boolean().describe('May a comment, `/sallyport <name>`, start it?').optional(),
});
