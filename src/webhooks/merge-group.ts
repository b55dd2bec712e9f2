import { z } from 'zod';
import { CommitSha } from '../domain/ids.ts';
import {
  type Conversion,
  type Delivery,
  hasAction,
  ignored,
  RepositoryEnvelope,
  refused,
  repositoryFields,
  toTrigger,
} from './delivery.ts';

const Payload = RepositoryEnvelope.extend({
  merge_group: z.object({ head_sha: CommitSha, head_ref: z.string() }),
});

/**
 * The branch that GitHub makes for a merge group: `gh-readonly-queue/BASE/pr-NUMBER-SHA`. Nobody else can push
 * under this name, and BASE may have slashes and more of the same in it: the last part alone is read.
 */
const groupBranch = /^refs\/heads\/gh-readonly-queue\/.+\/pr-([1-9][0-9]{0,9})-[0-9a-f]{40}$/;

/**
 * `merge_group`: a queue waits for the required check on a commit of its own. A group that is `destroyed` leaves
 * nothing to end: its check is made together with its conclusion.
 */
export function fromMergeGroup(delivery: Delivery): Conversion {
  if (!hasAction(delivery.payload, ['checks_requested'])) return ignored('action');
  const parsed = Payload.safeParse(delivery.payload);
  if (!parsed.success) return refused(parsed.error);
  const { merge_group } = parsed.data;
  const number = groupBranch.exec(merge_group.head_ref)?.[1];
  return toTrigger({
    ...repositoryFields(delivery, parsed.data),
    type: 'merge-group',
    headSha: merge_group.head_sha,
    pullRequest: number === undefined ? null : Number(number),
  });
}
