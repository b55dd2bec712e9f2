import { parseCommands } from '../commands/parse.ts';
import { isAtLeast } from '../domain/repository.ts';
import type { Trigger } from '../domain/trigger.ts';
import { hasCode } from '../errors.ts';
import type { Context } from './context.ts';
import { acknowledge } from './reply.ts';

type CommentTrigger = Extract<Trigger, { type: 'comment' }>;

/**
 * Shows that a command was read before anything slow is asked of GitHub; whether it did. It takes one request, for
 * the author's permission. On a public repository everybody has `read`, and a reaction is a write that a stranger
 * could ask for without end: with no more than that, and for short forms, the policy is read first.
 */
export async function acknowledgeEarly(
  context: Context,
  trigger: CommentTrigger,
): Promise<boolean> {
  if (parseCommands(trigger.body).length === 0) return false;
  const { repository, sender } = trigger;
  const permission = await context.github.permissions.of(repository, sender.login);
  if (!isAtLeast(permission, 'triage')) return false;
  try {
    await acknowledge(context, trigger);
  } catch (error) {
    // Deleted meanwhile: what that means is said later on.
    if (!hasCode(error, 'github.not-found')) throw error;
  }
  return true;
}
