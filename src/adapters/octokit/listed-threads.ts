import { z } from 'zod';
import type { OwnThread } from '../../ports/review-threads.ts';

/** Comments that are looked at in a thread, and 👎 that are looked at on its first one. */
const [commentsPerThread, dislikesPerThread] = [30, 20];

/**
 * One page of the threads of a pull request. Every field is in the schema of GHES 3.17 too.
 * `reactions` names a `User` for bots as well; `reactors` says what each of them is.
 */
export const threadsQuery = `query ($owner: String!, $name: String!, $number: Int!, $first: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    databaseId
    pullRequest(number: $number) {
      reviewThreads(first: $first, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes {
          id isResolved isOutdated
          resolvedBy { databaseId login }
          first: comments(first: 1) {
            nodes {
              id fullDatabaseId body isMinimized
              author { ... on Bot { databaseId } }
              reactionGroups {
                content
                reactors(first: ${dislikesPerThread}) {
                  nodes { __typename ... on User { databaseId login } }
                }
              }
            }
          }
          comments(first: ${commentsPerThread}) {
            pageInfo { hasNextPage }
            nodes { author { ... on Bot { databaseId } } }
          }
        }
      }
    }
  }
}`;

/** Nodes that GitHub cannot show are null. */
function nodesOf<Node extends z.ZodType>(node: Node) {
  return z
    .array(node.nullable())
    .nullable()
    .transform((nodes) => (nodes ?? []).filter((one) => one !== null));
}

const Account = z.object({ databaseId: z.int().nullish(), login: z.string().min(1) });
/** Empty for who is no bot; null for a deleted account. */
const Author = z.object({ databaseId: z.int().nullish() }).nullable();
const Reactor = z.object({ __typename: z.string(), ...Account.partial().shape });
/** A 64-bit number as a string. */
const FullId = z.union([z.string(), z.number()]).transform(Number).pipe(z.int().positive());
const FirstComment = z.object({
  id: z.string().min(1),
  fullDatabaseId: FullId,
  body: z.string(),
  isMinimized: z.boolean(),
  author: Author,
  reactionGroups: nodesOf(
    z.object({ content: z.string(), reactors: z.object({ nodes: nodesOf(Reactor) }) }),
  ),
});
const Thread = z.object({
  id: z.string().min(1),
  isResolved: z.boolean(),
  isOutdated: z.boolean(),
  resolvedBy: Account.nullable(),
  first: z.object({ nodes: nodesOf(FirstComment) }),
  comments: z.object({
    pageInfo: z.object({ hasNextPage: z.boolean() }),
    nodes: nodesOf(z.object({ author: Author })),
  }),
});

/** What `threadsQuery` is answered with. */
export const ThreadsPage = z.object({
  repository: z.object({
    databaseId: z.int(),
    pullRequest: z.object({
      reviewThreads: z.object({
        pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
        nodes: nodesOf(Thread),
      }),
    }),
  }),
});

/** The threads in it, and whether there are more. */
export type ListedThreads = z.output<
  typeof ThreadsPage
>['repository']['pullRequest']['reviewThreads'];

/** The thread as the port has it, in a list of one; none where somebody else began it. */
export function ownThread(thread: z.output<typeof Thread>, botUserId: number): OwnThread[] {
  const [first] = thread.first.nodes;
  if (first?.author?.databaseId !== botUserId) return [];
  const { comments, isResolved } = thread;
  const byOthers = comments.nodes.some(({ author }) => author?.databaseId !== botUserId);
  return [
    {
      threadId: thread.id,
      commentNodeId: first.id,
      commentId: first.fullDatabaseId,
      body: first.body,
      isResolved,
      ...resolver(isResolved ? thread.resolvedBy : null, botUserId),
      isOutdated: thread.isOutdated,
      isMinimised: first.isMinimized,
      isAnswered: byOthers || comments.pageInfo.hasNextPage,
      dislikedBy: first.reactionGroups
        .filter(({ content }) => content === 'THUMBS_DOWN')
        .flatMap(({ reactors }) => reactors.nodes.flatMap(person)),
    },
  ];
}

/** GitHub writes the login of a bot without `[bot]`, as if it were a person's: ours is told by its id. */
function resolver(account: z.output<typeof Account> | null, botUserId: number) {
  const id = account?.databaseId ?? null;
  return account === null || id === null || id === botUserId
    ? { resolvedBy: null, resolvedById: null }
    : { resolvedBy: account.login, resolvedById: id };
}

function person({ __typename, databaseId, login }: z.output<typeof Reactor>) {
  const isNamed = typeof databaseId === 'number' && login !== undefined;
  return __typename === 'User' && isNamed ? [{ id: databaseId, login }] : [];
}
