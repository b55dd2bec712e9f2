import { z } from 'zod';
import {
  type Conversion,
  commonFields,
  type Delivery,
  Envelope,
  hasAction,
  ignored,
  refused,
  toTrigger,
} from './delivery.ts';

const Payload = Envelope.extend({
  pull_request: z.object({ number: z.int() }),
  comment: z.object({
    id: z.int(),
    body: z.string(),
    updated_at: z.string(),
    in_reply_to_id: z.int().nullish(),
  }),
});

/**
 * `pull_request_review_comment`: new replies only, never an edit. Whose thread it is the payload does not
 * say; that is asked later, as is who may command. GitHub names no App here: bots are told by their type.
 */
export function fromReviewComment(delivery: Delivery): Conversion {
  if (!hasAction(delivery.payload, ['created'])) return ignored('action');
  const parsed = Payload.safeParse(delivery.payload);
  if (!parsed.success) return refused(parsed.error);
  const { pull_request, comment } = parsed.data;
  const threadId = comment.in_reply_to_id ?? null;
  if (threadId === null) return ignored('no-reply');
  return toTrigger({
    ...commonFields(delivery, parsed.data),
    type: 'comment',
    number: pull_request.number,
    isPullRequest: true,
    commentId: comment.id,
    threadId,
    updatedAt: comment.updated_at,
    body: comment.body,
  });
}
