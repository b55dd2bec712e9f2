import { mayCommand } from '../policy/decide/people.ts';
import type { CommandRequest } from './command-request.ts';
import type { Context } from './context.ts';
import { startUnasked } from './on-pull-request.ts';
import { refuse, reply } from './reply.ts';
import { saidAtMs } from './said-at.ts';

const pausedText = [
  'Paused: nothing starts by itself on this pull request. Commands still do.',
  'A commit that is pushed meanwhile gets a check that asks for `/sallyport resume` or `/sallyport review`.',
].join(' ');

/** Stops tasks from starting by themselves on this pull request, or lets them again. */
export async function pauseByComment(
  context: Context,
  request: CommandRequest,
  isPaused: boolean,
): Promise<void> {
  const admission = mayCommand(request.loaded.policy, request.person);
  if (!admission.allowed) return refuse(context, request, admission.reason);
  const { repository, number, sender, deliveryId } = request;
  const { repositoryId } = repository;
  await context.ledger.append({
    type: isPaused ? 'pull-request.paused' : 'pull-request.resumed',
    taskId: null,
    data: { deliveryId, repositoryId, pullRequest: number, by: sender.id },
  });
  await context.store.pauses.set({ repositoryId, number, isPaused, atMs: saidAtMs(request) });
  // A later word may have come in before this one, and stands.
  const stands = await context.store.pauses.isPaused({ repositoryId, number });
  // What was pushed meanwhile has a check that passes nothing.
  if (!stands) await startUnasked(context, request);
  const resumed = 'Resumed: tasks start by themselves again.';
  await reply(context, request, stands ? pausedText : resumed);
}
