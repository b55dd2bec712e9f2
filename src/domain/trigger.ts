import { z } from 'zod';
import { CommitSha, DeliveryId } from './ids.ts';
import { Actor, RepositoryRef } from './repository.ts';

const received = {
  deliveryId: DeliveryId,
  /** When the App took the delivery, epoch ms. */
  receivedAtMs: z.int().nonnegative(),
};
const common = { ...received, repository: RepositoryRef, sender: Actor };

/** Why the App can do nothing in a repository any more; the start of a task's `reason`. */
export const LostAccess = z.enum([
  'installation:suspended',
  'installation:deleted',
  'repository:removed',
  'repository:deleted',
]);
export type LostAccess = z.infer<typeof LostAccess>;

/** What a webhook asks of Sallyport, reduced to the fields that are used. This is what is queued. */
export const Trigger = z.discriminatedUnion('type', [
  z.strictObject({
    ...common,
    type: z.literal('pull-request'),
    /** `retargeted` is ours: GitHub says `edited` for a new base as for a new title. */
    action: z.enum([
      'opened',
      'synchronize',
      'reopened',
      'ready_for_review',
      'retargeted',
      'labeled',
      'closed',
    ]),
    number: z.int().positive(),
    headSha: CommitSha,
    /** Of a push: the head that the pull request left. */
    beforeSha: CommitSha.optional(),
    /** Made by Sallyport, of what it found or was asked for: its sender has pushed nothing. */
    isDerived: z.boolean().optional(),
  }),
  z.strictObject({
    ...common,
    type: z.literal('comment'),
    number: z.int().positive(),
    isPullRequest: z.boolean(),
    commentId: z.int().positive(),
    /** The first comment of the review thread that this one replies in; null in the conversation. */
    threadId: z.int().positive().nullable(),
    /** When it was last changed, as delivered: one that was edited since commands nothing. */
    updatedAt: z.iso.datetime({ offset: true }),
    /** At most 65,536 UTF-16 units, GitHub's own limit. */
    body: z.string().max(65_536),
  }),
  z.strictObject({ ...common, type: z.literal('issue-opened'), number: z.int().positive() }),
  z.strictObject({
    ...common,
    type: z.literal('check-rerequested'),
    checkRunId: z.int().positive(),
    externalId: z.string().max(200),
    headSha: CommitSha,
  }),
  z.strictObject({
    ...common,
    type: z.literal('check-action'),
    checkRunId: z.int().positive(),
    externalId: z.string().max(200),
    headSha: CommitSha,
    /** The button's identifier, as this App set it on the check run. */
    identifier: z.string().max(20),
  }),
  z.strictObject({
    ...common,
    type: z.literal('suite-rerequested'),
    headSha: CommitSha,
    /** Those that GitHub names; none where the head is in a fork. */
    pullRequests: z.array(z.int().positive()).max(100),
  }),
  z.strictObject({
    ...common,
    type: z.literal('suite-requested'),
    /** A commit that was pushed. */
    headSha: CommitSha,
    /** Those that GitHub names. */
    pullRequests: z.array(z.int().positive()).min(1).max(100),
  }),
  z.strictObject({
    ...received,
    type: z.literal('merge-group'),
    repository: RepositoryRef,
    /** The commit that the queue wants to merge: GitHub's own, made of the base and the pull requests. */
    headSha: CommitSha,
    /** The pull request that the group was made for; null when its branch does not name one. */
    pullRequest: z.int().positive().nullable(),
  }),
  z.strictObject({
    ...received,
    type: z.literal('repository-moved'),
    /** Where it is now: another name, another owner, perhaps another installation. */
    repository: RepositoryRef,
  }),
  z.strictObject({
    ...received,
    type: z.literal('access-lost'),
    reason: LostAccess,
    installationId: z.int().nonnegative(),
    /** Null for everything that the installation reached. */
    repositoryIds: z.array(z.int().nonnegative()).max(10_000).nullable(),
  }),
  z.strictObject({
    ...received,
    type: z.literal('access-returned'),
    installationId: z.int().nonnegative(),
    /** As they are called and reached now; null for everything that the installation reaches. */
    repositories: z.array(RepositoryRef).max(1_000).nullable(),
  }),
]);
export type Trigger = z.infer<typeof Trigger>;
