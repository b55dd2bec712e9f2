import { z } from 'zod';

const Account = z.object({ id: z.int(), login: z.string() });
const Pull = z.object({
  draft: z.boolean().default(false),
  user: Account.nullish(),
  labels: z.array(z.object({ name: z.string() })).default([]),
  base: z.object({ ref: z.string(), repo: z.object({ id: z.int() }) }),
  head: z.object({ repo: z.object({ id: z.int() }).nullish() }),
});

/** How a payload says that a pull request stands. The App itself asks GitHub: a payload may be hours old. */
export interface PayloadPullRequest {
  readonly baseBranch: string;
  readonly labels: readonly string[];
  readonly isDraft: boolean;
  readonly isFork: boolean;
  readonly author: { readonly id: number; readonly login: string };
}

/** The pull request of a `pull_request` payload; undefined when it says too little. Pure. */
export function pullRequestFactsOf(payload: unknown): PayloadPullRequest | undefined {
  const parsed = z.object({ pull_request: Pull }).safeParse(payload);
  if (!parsed.success) return undefined;
  const { draft, user, labels, base, head } = parsed.data.pull_request;
  return {
    baseBranch: base.ref,
    labels: labels.map(({ name }) => name),
    isDraft: draft,
    // A head whose repository is gone was a fork's.
    isFork: head.repo?.id !== base.repo.id,
    // GitHub shows the work of deleted accounts as that of the account `ghost`.
    author: user ?? { id: 0, login: 'ghost' },
  };
}

const Authored = z.object({ user: z.object({ id: z.int() }) });

/** Who opened the pull request or issue that a payload is about; undefined when it does not say. Pure. */
export function authorIdOf(payload: unknown): number | undefined {
  const about = z.object({ pull_request: Authored }).safeParse(payload).data?.pull_request;
  return (about ?? z.object({ issue: Authored }).safeParse(payload).data?.issue)?.user.id;
}

const Login = z.object({ login: z.string() });

/** Who did it and who opened the pull request: those whose permissions decide. Pure. */
export function loginsIn(payload: unknown): readonly string[] {
  const sender = z.object({ sender: Login }).safeParse(payload).data?.sender;
  const author = pullRequestFactsOf(payload)?.author;
  return [...new Set([sender, author].flatMap((one) => one?.login ?? []))];
}
