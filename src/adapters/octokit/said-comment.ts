import { z } from 'zod';
import type { SaidComment } from '../../ports/conversations.ts';
import { isMember } from './is-member.ts';

/** What GitHub tells of a comment wherever it lists some. */
export const ListedComment = z.object({
  id: z.int(),
  body: z.string().nullish(),
  user: z.object({ id: z.int(), login: z.string() }).nullish(),
  author_association: z.string().nullish(),
  updated_at: z.string(),
});

/** It in our words; `botUserId` is this App's account. */
export function saidComment(
  { id, body, user, author_association, updated_at }: z.output<typeof ListedComment>,
  botUserId: number,
): SaidComment {
  return {
    commentId: id,
    // GitHub shows somebody who is gone by this name.
    login: user?.login ?? 'ghost',
    isMember: isMember(author_association),
    isOwn: user?.id === botUserId,
    body: body ?? '',
    updatedAt: updated_at,
  };
}
