import { z } from 'zod';
import { CommitSha } from '../domain/ids.ts';
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

const Action = z.enum([
  'opened',
  'synchronize',
  'reopened',
  'ready_for_review',
  'edited',
  'labeled',
  'closed',
]);
const NewBase = z.object({ changes: z.object({ base: z.object({}) }) });
const Payload = Envelope.extend({
  action: Action,
  number: z.int(),
  /** Of a push: the head that was left. */
  before: CommitSha.optional(),
  pull_request: z.object({ head: z.object({ sha: CommitSha }) }),
});

/** `pull_request`: the actions that change what there is to review. */
export function fromPullRequest(delivery: Delivery): Conversion {
  if (!hasAction(delivery.payload, Action.options)) return ignored('action');
  const isOtherEdit =
    hasAction(delivery.payload, ['edited']) && !NewBase.safeParse(delivery.payload).success;
  if (isOtherEdit) return ignored('action');
  const parsed = Payload.safeParse(delivery.payload);
  if (!parsed.success) return refused(parsed.error);
  const { action, number, pull_request, before } = parsed.data;
  return toTrigger({
    ...commonFields(delivery, parsed.data),
    type: 'pull-request',
    // A new base is a new diff on the same head.
    action: action === 'edited' ? 'retargeted' : action,
    number,
    headSha: pull_request.head.sha,
    ...(action === 'synchronize' && before !== undefined ? { beforeSha: before } : {}),
  });
}
