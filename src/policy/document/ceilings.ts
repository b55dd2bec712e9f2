import { z } from 'zod';
import { Severity } from '../../domain/finding.ts';
import { Limits } from '../../domain/limits.ts';
import { maxPolicyLabels } from '../../domain/triage-answer.ts';
import { EgressLimits } from '../egress-policy.ts';
import { RuleId } from '../egress-rule.ts';
import { Glob } from '../glob.ts';
import { VerifySection } from './agent-work.ts';
import { Budgets } from './budgets.ts';
import { QuietHours } from './quiet-hours.ts';
import { Review } from './review.ts';
import { Who } from './who.ts';

const globs = z.array(Glob).max(200);

/** Containment, from weaker to stronger. */
export const Runtime = z.enum(['runc', 'runsc']);
/** What becomes of pull requests from outside, from looser to stricter. */
export const ForkRule = z.enum(['run', 'wait', 'refuse']);

/** How a pull request of Sallyport's own is opened, from looser to stricter. */
export const PullRequestForm = z.enum(['ready', 'draft']);

/** A first answer on an issue, from looser to stricter. */
export const Answer = z.enum(['automatic', 'none']);

/** Where files of the repository come in, and what may come out. */
const inputs = z.strictObject({
  include: globs.min(1).describe('Only files that match one of these globs go in.').optional(),
  exclude: globs.describe('Files that do not go in.').optional(),
});
const outputs = z.strictObject({
  comments: z.enum(['automatic', 'none']).describe('Review comments on lines.').optional(),
  suggestions: z
    .enum(['automatic', 'none'])
    .describe('Suggested changes in review comments; a person takes them or does not.')
    .optional(),
  patch: z.enum(['approval', 'none']).describe('Commits, behind gate 2.').optional(),
  pullRequest: PullRequestForm.describe(
    'Pull requests that a patch for an issue is opened as, behind gate 2; `draft` unless the operator says `ready`.',
  ).optional(),
  labels: z
    .array(z.string().min(1).max(100))
    .max(maxPolicyLabels)
    .describe(
      'Labels that triage may put on an issue, as GitHub has them. None unless the operator names them.',
    )
    .optional(),
  answer: Answer.describe(
    'First answers of triage, as a comment on the issue; `none` unless the operator says `automatic`.',
  ).optional(),
});

const approvals = z.strictObject({
  count: z.int().min(1).max(10).describe('How many people have to approve a patch.').optional(),
  requesterMayApprove: z.boolean().describe('May who asked for the task approve?').optional(),
  codeOwners: z
    .boolean()
    .describe(
      'Does each owned file of a patch need an approval by one of its owners who may write?',
    )
    .optional(),
  expiresAfterHours: z
    .int()
    .min(1)
    .max(8_760)
    .describe(
      'Age at which an approval is void: the check then says so, and it may be given again. A patch that waits is dropped after 14 days without a word, whatever this says.',
    )
    .optional(),
});

const patch = z.strictObject({
  paths: globs.min(1).describe('Only files that match one of these globs may change.').optional(),
  maxFiles: z.int().min(1).describe('Files in one patch.').optional(),
  maxFileBytes: z.int().min(1).describe('Bytes of one file after the patch.').optional(),
  maxBytes: z.int().min(1).describe('Bytes of all files after the patch.').optional(),
});

const conclusion = z.strictObject({
  failOn: z
    .enum(['never', ...Severity.options.toReversed()])
    .describe('Findings of this severity or worse fail the check.')
    .optional(),
  ownFailure: z
    .enum(['neutral', 'failure'])
    .describe('Conclusion when Sallyport, not the code, is at fault.')
    .optional(),
  skipped: z
    .enum(['skipped', 'success'])
    .describe('Conclusion when no task was to start.')
    .optional(),
});

/** `!path` is a glob here, so that layering can refuse it and name both places. */
const ProtectedPath = z
  .string()
  .max(257)
  .refine(
    (text) => Glob.safeParse(text.replace(/^!/, '')).success,
    'must be a glob: *, **, ? and {a,b}, without / at the start and none of \\ [ ] ( )',
  );

/** Ceilings that a layer sets for every task, and that one task may have narrower. */
export const ceilings = {
  runtime: Runtime.describe('How a sandbox is contained; `runsc` is gVisor.').optional(),
  forks: ForkRule.describe(
    'Pull requests from forks, and by authors who may not run: run, wait at gate 1, or (forks) refuse.',
  ).optional(),
  inputs: inputs.describe('Which files of the repository the agent sees.').optional(),
  outputs: outputs.describe('Ways out. A layer may only take ways away.').optional(),
  run: Who.describe('Who may start a task by command, or let one start at gate 1.').optional(),
  approve: Who.describe('Who may let a patch through gate 2.').optional(),
  approvals: approvals.describe('What a patch needs at gate 2.').optional(),
  limits: described(Limits).describe('Hard ceilings of one task; reaching one ends it.').optional(),
  egress: z
    .strictObject({
      use: z.array(RuleId).describe('Which of the operator’s rules and routes.').optional(),
      limits: described(EgressLimits).describe('Ceilings of one task’s traffic.').optional(),
    })
    .describe('What a task may reach.')
    .optional(),
  budgets: Budgets.describe('What may be used in a day (UTC).').optional(),
  protectedPaths: z
    .array(ProtectedPath)
    .max(500)
    .describe('Files that no patch may touch, whoever approves. Matched without case.')
    .optional(),
  patch: patch.describe('What a patch may be.').optional(),
  review: Review.describe('Reviews.').optional(),
  verify: VerifySection.describe('How a patch is tried before anybody is asked for it.').optional(),
  conclusion: conclusion.describe('The check run’s conclusion.').optional(),
  quietHours: z
    .array(QuietHours)
    .max(50)
    .describe('Hours in which nothing starts by itself.')
    .optional(),
};

/** The same ceilings, none of them required. */
function described<T extends z.ZodObject>(schema: T) {
  return schema.partial() as z.ZodObject<
    { [K in keyof T['shape']]: z.ZodOptional<T['shape'][K]> },
    z.core.$strict
  >;
}
