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
  issue: z.object({ number: z.int(), pull_request: z.object({}).nullish() }),
  comment: z.object({
    id: z.int(),
    body: z.string(),
    updated_at: z.string(),
    user: z.object({ id: z.int() }).nullish(),
    performed_via_github_app: z.object({ id: z.int() }).nullish(),
  }),
});

/**
 * `issue_comment`: new comments only. An edit never runs anything, or a maintainer's old comment
 * could be turned into a command by whoever may edit it. Comments of Sallyport's own are ignored,
 * told by the App's id and not by a `[bot]` login; whether others may command is decided later.
 */
export function fromIssueComment(delivery: Delivery, appId: number): Conversion {
  if (!hasAction(delivery.payload, ['created'])) return ignored('action');
  const parsed = Payload.safeParse(delivery.payload);
  if (!parsed.success) return refused(parsed.error);
  const { issue, comment } = parsed.data;
  if (comment.performed_via_github_app?.id === appId) return ignored('own-comment');
  return toTrigger({
    ...commonFields(delivery, parsed.data),
    type: 'comment',
    number: issue.number,
    isPullRequest: Boolean(issue.pull_request),
    commentId: comment.id,
    threadId: null,
    updatedAt: comment.updated_at,
    body: comment.body,
  });
}
