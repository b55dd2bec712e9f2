import type { SaidComment } from '../ports/conversations.ts';
import { type AskedWork, maxEvidence } from './asked-work.ts';
import type { CommandRequest } from './command-request.ts';
import type { Context } from './context.ts';
import { saidAtMs } from './said-at.ts';

type Evidence = AskedWork['evidence'];

/** Most comments of members that no number of other comments takes the place of. */
const maxOfMembers = maxEvidence / 2;

/**
 * What people said last in a thread before the command, as it stood then, but for what we said. What was edited since is
 * left out: nobody knows what it said.
 */
export async function repliesBefore(
  { github }: Context,
  request: CommandRequest,
  threadId: number,
): Promise<Evidence> {
  const { repository, number } = request;
  const replies = await github.conversations.replies(repository, { number, threadId });
  return saidBefore(request, replies)
    .slice(1 - maxEvidence)
    .map((one) => evidenceOf(one, 'in the thread'));
}

/**
 * What people said last below an issue before the command, as it stood then, but for what we said. Anybody can say much:
 * of members the last ones are among it in any case.
 */
export async function commentsBefore(
  { github }: Context,
  request: CommandRequest,
): Promise<Evidence> {
  const { repository, number } = request;
  const all = saidBefore(request, await github.conversations.newest(repository, number));
  const ofMembers = new Set(all.filter(({ isMember }) => isMember).slice(-maxOfMembers));
  const others = all.filter((one) => !ofMembers.has(one)).slice(ofMembers.size - maxEvidence);
  const kept = all.filter((one) => ofMembers.has(one) || others.includes(one));
  const isWhole = kept.length === all.length;
  const place = isWhole
    ? 'below the issue'
    : 'below the issue, of which other comments are left out';
  return kept.map((one) => evidenceOf(one, place));
}

/** GitHub counts comments up: one of the very same second may still be one that came after. */
function saidBefore(request: CommandRequest, said: readonly SaidComment[]): readonly SaidComment[] {
  const { commentId } = request;
  return said.filter((one) => !one.isOwn && one.commentId < commentId && isOfBefore(request, one));
}

/** Was it said, or edited last, before the command? Not of a time that cannot be read. */
export function isOfBefore(
  request: CommandRequest,
  { updatedAt }: Pick<SaidComment, 'updatedAt'>,
): boolean {
  return Date.parse(updatedAt) <= saidAtMs(request);
}

function evidenceOf(one: SaidComment, place: string): Evidence[number] {
  const title = `${one.login} ${place}`.slice(0, 300).toWellFormed();
  return { title, text: textOf(one.body), from: standing(one) };
}

/** Whose word something is. */
export function standing({ isMember }: Pick<SaidComment, 'isMember'>): 'member' | 'outsider' {
  return isMember ? 'member' : 'outsider';
}

/** What is kept of a text of others. */
export function textOf(body: string): string {
  return body.slice(0, 20_000).toWellFormed();
}
