import { reactionsTo } from '../reactions.ts';
import type { Reaction, ReactionContent } from '../records.ts';
import { nodeId } from '../views/account.ts';
import type { World } from '../world.ts';
import { viewActor } from './actor.ts';
import { connection, type PageArguments } from './connection.ts';

const REACTIONS: Readonly<Record<ReactionContent, string>> = {
  '+1': 'THUMBS_UP',
  '-1': 'THUMBS_DOWN',
  laugh: 'LAUGH',
  confused: 'CONFUSED',
  heart: 'HEART',
  hooray: 'HOORAY',
  rocket: 'ROCKET',
  eyes: 'EYES',
};

/** What a comment has as `Reactable`. There is a group for every content, given or not. */
export function viewReactable(world: World, commentId: number): object {
  const given = (content?: string | null) =>
    reactionsTo(world, commentId).filter((one) => !content || REACTIONS[one.content] === content);
  return {
    reactions: ({ content, ...args }: PageArguments & { content?: string | null }) =>
      connection('reactions', given(content), args, viewReaction),
    reactionGroups: Object.values(REACTIONS).map((content) => ({
      content,
      reactors: (args: PageArguments) =>
        connection('reactors', given(content), args, ({ user }) => viewActor(user)),
    })),
  };
}

/** Whoever reacted is a `User` here, bots too: the schema knows no other. */
function viewReaction({ id, content, user }: Reaction): object {
  return {
    id: nodeId('REA', id),
    databaseId: id,
    content: REACTIONS[content],
    user: { ...viewActor(user), __typename: 'User' },
  };
}
