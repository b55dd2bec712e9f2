import type { Task } from '../domain/task.ts';
import { goneCodes, type Published, unlessRefused } from '../report/publish.ts';
import type { Context } from './context.ts';
import { tell } from './reply.ts';

/**
 * Says something of a task in the App's one comment of its conversation, in place of what was said under this key
 * before. A conversation that is locked or gone takes no word, and no other try changes that.
 */
export function tellOfTask(
  context: Context,
  { repository, pullRequest: number, cause: deliveryId, requestedBy: sender }: Task,
  { onceKey, text }: { readonly onceKey: string; readonly text: string },
): Promise<Published> {
  const place = { repository, number, threadId: null, commentId: null };
  return unlessRefused(goneCodes, () =>
    tell(context, { ...place, deliveryId, sender, onceKey }, text),
  );
}
