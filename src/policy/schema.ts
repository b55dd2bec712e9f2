import { z } from 'zod';
import { Severity } from '../domain/finding.ts';
import { Limits } from '../domain/limits.ts';
import { Permission } from '../domain/repository.ts';
import { EgressPolicy } from './egress-policy.ts';
import { Glob } from './glob.ts';

const agentTask = z.strictObject({
  /** Agent that does the task: a name that the worker image knows. */
  agent: z.enum(['linters']),
});

/** The operator's policy, `policies/default.yml` unless `SALLYPORT_POLICY` names another. */
export const Policy = z.strictObject({
  version: z.literal(1),
  /** Name of the check run; what branch protection requires. */
  check: z.strictObject({ name: z.string().min(1).max(100) }),
  runtime: z.enum(['runc', 'runsc']),
  /** Pull request actions that start a review by themselves. */
  reviewOn: z.array(z.enum(['opened', 'synchronize', 'reopened', 'ready_for_review'])),
  drafts: z.boolean(),
  tasks: z.strictObject({ review: agentTask, fix: agentTask }),
  permissions: z.strictObject({
    /** Least permission to start a task by command, or to let one start at gate 1. */
    run: Permission,
    /** Least permission to let a patch through gate 2. */
    approve: Permission,
    /** When false, who asked for a fix may not approve it. */
    requesterMayApprove: z.boolean(),
  }),
  /** Pull requests from forks, and those by authors below `permissions.run`: wait at gate 1, or run? */
  outsiders: z.enum(['wait', 'run']),
  /** Paths (globs, matched without case after Unicode normalisation) that no patch may touch. */
  protectedPaths: z.array(Glob).min(1),
  patch: z.strictObject({
    maxFiles: z.int().min(1),
    maxFileBytes: z.int().min(1),
    maxBytes: z.int().min(1),
  }),
  conclusion: z.strictObject({
    /** Findings of this severity or worse fail the check; `never` fails none. */
    failOn: z.union([Severity, z.literal('never')]),
    /** The check's conclusion when Sallyport itself, not the code, is at fault. */
    ownFailure: z.enum(['neutral', 'failure']),
  }),
  review: z.strictObject({
    /** Most inline comments in one review; the rest stays in the check. */
    maxComments: z.int().min(0).max(100),
  }),
  limits: Limits,
  /** What tasks may reach. Nothing, unless a rule or a route says otherwise. */
  egress: EgressPolicy,
});
export type Policy = z.infer<typeof Policy>;
