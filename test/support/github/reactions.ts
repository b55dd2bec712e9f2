import type { Reaction } from './records.ts';
import type { World } from './world.ts';

/** Reacts once: a second reaction of one account with the same content changes nothing. */
export function addReaction(
  world: World,
  wish: Pick<Reaction, 'commentId' | 'user' | 'content'>,
): { reaction: Reaction; isNew: boolean } {
  const given = reactionsTo(world, wish.commentId).find(
    (one) => one.content === wish.content && one.user === wish.user,
  );
  if (given) return { reaction: given, isNew: false };
  const reaction: Reaction = { id: world.nextId(), createdAt: world.now(), ...wish };
  world.reactions.set(reaction.id, reaction);
  return { reaction, isNew: true };
}

/** The reactions to a comment, oldest first. */
export function reactionsTo(world: World, commentId: number): Reaction[] {
  return [...world.reactions.values()].filter((reaction) => reaction.commentId === commentId);
}
