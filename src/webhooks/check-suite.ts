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
 * `check_suite`: *Re-run all checks*. `requested` comes with every push and says less than `pull_request` does:
 * which pull request it is for is missing where the head is in a fork. To plan from both would review twice.
 */
export function fromCheckSuite(delivery: Delivery, appId: number): Conversion {
  if (!hasAction(delivery.payload, ['rerequested'])) return ignored('action');
  const parsed = Payload.safeParse(delivery.payload);
  if (!parsed.success) return refused(parsed.error);
  const { check_suite } = parsed.data;
  if (check_suite.app.id !== appId) return ignored('other-app');
  return toTrigger({
    ...commonFields(delivery, parsed.data),
    type: 'suite-rerequested',
    headSha: check_suite.head_sha,
    pullRequests: check_suite.pull_requests.slice(0, maxPullRequests).map(({ number }) => number),
  });
}
