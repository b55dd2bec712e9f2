import { z } from 'zod';
import { CheckCommand } from '../domain/check-command.ts';
import { Limits } from '../domain/limits.ts';
import { Purpose } from '../domain/purpose.ts';
import { AgentName } from './document/agent-name.ts';
import { Budgets } from './document/budgets.ts';
import { Answer, ceilings, ForkRule, PullRequestForm, Runtime } from './document/ceilings.ts';
import { ImageDigest, TaskName } from './document/layer.ts';
import { QuietHours } from './document/quiet-hours.ts';
import {
  InlineFindings,
  Review,
  reviewDefaults,
  SummaryComment,
  Unconfirmed,
} from './document/review.ts';
import { IssueEvent, PullRequestEvent } from './document/triggers.ts';
import { Who } from './document/who.ts';
import { EgressLimits, EgressPolicy } from './egress-policy.ts';
import { RuleId } from './egress-rule.ts';
import { ModelName } from './model-route.ts';

const words = z.array(z.string());
/** One list for each layer that said one: what is let through matches one glob of each. */
const everyLayer = z.array(words).default([]);
/** One `who` for each layer that said one. No layer that said who: nobody. */
const whoOfEveryLayer = z.array(Who).min(1);

const { conclusion, outputs, approvals, patch, review } = {
  conclusion: ceilings.conclusion.unwrap().required(),
  // Policies that were kept before there were such things do not say them: they meant the defaults.
  outputs: ceilings.outputs
    .unwrap()
    .required()
    .extend({
      pullRequest: PullRequestForm.default('draft'),
      labels: words.default([]),
      answer: Answer.default('none'),
    }),
  approvals: ceilings.approvals.unwrap().required(),
  patch: ceilings.patch.unwrap().required(),
  review: Review.required().extend({
    maxFileComments: Review.shape.maxFileComments.unwrap().default(reviewDefaults.maxFileComments),
    summaryComment: SummaryComment.default(reviewDefaults.summaryComment),
    linkHosts: Review.shape.linkHosts.unwrap().default([...reviewDefaults.linkHosts]),
    inline: InlineFindings.default(reviewDefaults.inline),
    refuted: Unconfirmed.default(reviewDefaults.refuted),
    unsure: Unconfirmed.default(reviewDefaults.unsure),
  }),
};

const effectiveCeilings = {
  runtime: Runtime,
  forks: ForkRule,
  inputs: z.strictObject({ include: everyLayer, exclude: words.default([]) }).prefault({}),
  outputs,
  run: whoOfEveryLayer,
  approve: whoOfEveryLayer,
  approvals,
  limits: Limits,
  budgets: Budgets.prefault({}),
  protectedPaths: words.min(1),
  patch: patch.extend({ paths: everyLayer }),
  review,
  verify: z
    .strictObject({
      commands: z.array(CheckCommand).default([]),
      required: z.boolean().default(false),
    })
    .prefault({}),
  conclusion,
  quietHours: z.array(QuietHours).default([]),
};

/** Null: the first that fits. */
const chosenModel = z
  .strictObject({
    route: RuleId.nullable().default(null),
    name: ModelName.nullable().default(null),
  })
  .prefault({});

const SecondOpinion = z
  .strictObject({
    /** Null: nobody looks a second time. */
    agent: AgentName.nullable().default(null),
    model: chosenModel,
  })
  .prefault({});

const taskEgress = z.strictObject({ use: z.array(RuleId), limits: EgressLimits });

const EffectiveTriggers = z.strictObject({
  events: z.array(PullRequestEvent).default([]),
  /** Of issues, for triage. */
  issues: z.array(IssueEvent).default([]),
  /** Empty: every base branch. */
  branches: words.default([]),
  /** Empty: whatever has changed. */
  paths: words.default([]),
  ignorePaths: words.default([]),
  labels: z.strictObject({ any: words.default([]), none: words.default([]) }).prefault({}),
  drafts: z.boolean().default(false),
  command: z.boolean().default(true),
});

/** One kind of work, as all layers together have it. */
export const EffectiveTask = z.strictObject({
  /** The task that this one was added within; none of the operator's own. */
  within: TaskName.optional(),
  enabled: z.boolean().default(true),
  /** Absent: as the name or what it may write says (`purposeOf`). */
  purpose: Purpose.optional(),
  agent: AgentName,
  model: chosenModel,
  /** What the agent `command` runs. */
  commands: z.array(CheckCommand).default([]),
  secondOpinion: SecondOpinion,
  image: ImageDigest.nullable().default(null),
  instructions: z.string().nullable().default(null),
  parameters: z
    .strictObject({ names: words.default([]), values: z.record(z.string(), words).default({}) })
    .prefault({}),
  triggers: EffectiveTriggers.prefault({}),
  ...effectiveCeilings,
  egress: taskEgress,
});
export type EffectiveTask = z.infer<typeof EffectiveTask>;

/**
 * What all layers together come to: nothing in it is optional but budgets, of which an absent one is no
 * budget. The top holds for every task and is already in each task.
 */
export const EffectivePolicy = z.strictObject({
  version: z.literal(1),
  check: z.strictObject({ name: z.string().min(1) }),
  agents: z.array(AgentName),
  images: z.array(ImageDigest).default([]),
  concurrency: z.strictObject({ perRepository: z.int().min(1), perOrganisation: z.int().min(1) }),
  commands: z.strictObject({ short: z.boolean().default(false) }).prefault({}),
  loop: z.strictObject({ rounds: z.int().min(1), chainDepth: z.int().min(0) }),
  ...effectiveCeilings,
  egress: z.strictObject({ ...EgressPolicy.shape, use: z.array(RuleId) }),
  tasks: z.record(TaskName, EffectiveTask).default({}),
});
export type EffectivePolicy = z.infer<typeof EffectivePolicy>;
