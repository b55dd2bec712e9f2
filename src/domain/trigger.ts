import { z } from 'zod';
import { CommitSha, DeliveryId } from './ids.ts';
import { Actor, RepositoryRef } from './repository.ts';

const common = {
  deliveryId: DeliveryId,
  repository: RepositoryRef,
  sender: Actor,
  /** When the App took the delivery, epoch ms. */
  receivedAtMs: z.int().nonnegative(),
};

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
      'closed',
    ]),
    number: z.int().positive(),
    headSha: CommitSha,
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
]);
export type Trigger = z.infer<typeof Trigger>;
