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

/** Most pull requests of one commit that are looked at. */
const maxPullRequests = 100;

const Payload = Envelope.extend({
  check_suite: z.object({
    head_sha: CommitSha,
    app: z.object({ id: z.int() }),
    pull_requests: z.array(z.object({ number: z.int() })).default([]),
  }),
});

/**
 * `check_suite`: *Re-run all checks*, and `requested`, which comes with every push: a second word on it, for where
 * `pull_request` is lost. It names no pull request where the head is in a fork, and asks for nothing then.
 */
export function fromCheckSuite(delivery: Delivery, appId: number): Conversion {
  if (!hasAction(delivery.payload, ['requested', 'rerequested'])) return ignored('action');
  const parsed = Payload.safeParse(delivery.payload);
  if (!parsed.success) return refused(parsed.error);
  const { action, check_suite } = parsed.data;
  if (check_suite.app.id !== appId) return ignored('other-app');
  const pullRequests = check_suite.pull_requests
    .slice(0, maxPullRequests)
    .map(({ number }) => number);
  if (action === 'requested' && pullRequests.length === 0) return ignored('no-pull-request');
  return toTrigger({
    ...commonFields(delivery, parsed.data),
    type: action === 'requested' ? 'suite-requested' : 'suite-rerequested',
    headSha: check_suite.head_sha,
    pullRequests,
  });
}
