import type { Trigger } from '../domain/trigger.ts';

type Comment = Extract<Trigger, { type: 'comment' }>;

/**
 * When a comment was written at the latest, epoch ms: what came to be after it is not what its author saw. The time
 * of receipt alone does not tell, since a lost delivery may be sent again days later.
 */
export function saidAtMs({
  receivedAtMs,
  updatedAt,
}: Pick<Comment, 'receivedAtMs' | 'updatedAt'>): number {
  // GitHub tells whole seconds, and cuts off the rest.
  return Math.min(receivedAtMs, Date.parse(updatedAt) + 999);
}
