import { handleTrigger } from '../../../src/dispatch/handle-trigger.ts';
import type { World } from './world.ts';

/** Has somebody comment on the pull request, and the App take it; what it answers, without earlier answers. */
export async function say(world: World, login: string, body: string): Promise<string> {
  await handleTrigger(world.context, world.comment(login, body));
  const answer = world.github.comments.at(-1)?.body ?? '';
  return answer.split('<details>')[0] ?? '';
}
