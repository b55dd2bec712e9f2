import type { RepositoryRef } from '../domain/repository.ts';
import { isFromGitHub } from '../errors.ts';
import {
  catchUpHead,
  type Expected,
  expectedOn,
  type Head,
  showOpenRuns,
} from './catch-up-head.ts';
import type { Context } from './context.ts';
import { openInTurn } from './open-in-turn.ts';
import { repositoriesInTurn } from './repositories-in-turn.ts';

/** Most commits of one pass whose check runs are asked for: one request each. */
const maxLooks = 50;
/** How many commits of the round the last passes have looked at. */
const looksCursor = 'open-runs';

/** One look at some repositories. */
export interface Pass {
  /** How many more commits may be asked for. */
  looksLeft: number;
  /** How many to leave out first: those had their turn. */
  looksToSkip: number;
  /** What changed later may have its delivery under way: planning it twice would show two checks. */
  readonly settledAfterMs: number;
  /** Installations that GitHub wants to hear nothing more of for a while. */
  readonly limited: Set<number>;
}

/** Finds open pull requests whose head lacks a check, in the repositories whose turn it is. */
export async function catchUpHeads(context: Context): Promise<void> {
  const { cursors } = context.store;
  const seen = await cursors.at(looksCursor);
  const looks = { looksLeft: maxLooks, looksToSkip: seen };
  const pass: Pass = { ...looks, settledAfterMs: 2 * 60_000, limited: new Set() };
  for (const repository of await repositoriesInTurn(context))
    await catchUpOneOfMany(context, repository, pass);
  // With looks to spare the round is over.
  await cursors.move(looksCursor, seen, pass.looksLeft > 0 ? 0 : seen + maxLooks);
}

/** Everything that is open, looked at at once: no event told of what was pushed, so nothing is waited for. */
export function wholePass(): Pass {
  return { looksLeft: 500, looksToSkip: 0, settledAfterMs: 0, limited: new Set() };
}

/**
 * The same for one of several repositories: where GitHub does not answer for it, the others do not wait. After a
 * rate limit the others of its installation are left to the next look: who goes on asking then is shut out.
 */
export async function catchUpOneOfMany(
  context: Context,
  repository: RepositoryRef,
  pass: Pass,
): Promise<void> {
  const { repositoryId, installationId } = repository;
  if (pass.limited.has(installationId)) return;
  try {
    await catchUpRepository(context, repository, pass);
  } catch (error) {
    // Gone, suspended or not answering; the next look comes by itself.
    if (!isFromGitHub(error)) throw error;
    if (error.retryAfterMs !== null) pass.limited.add(installationId);
    context.log.warn({ repositoryId, err: error }, 'a repository could not be looked at');
  }
}

/** The same for one repository. @throws SallyportError as GitHub answers */
export async function catchUpRepository(
  context: Context,
  repository: RepositoryRef,
  pass: Pass,
): Promise<void> {
  const untilMs = context.clock.nowMs() - pass.settledAfterMs;
  const onBase = new Map<string, Expected>();
  for (const pull of await openInTurn(context, repository)) {
    if (pull.updatedAtMs > untilMs) continue;
    const { baseRef } = pull;
    const expected = onBase.get(baseRef) ?? (await expectedOn(context, repository, baseRef));
    onBase.set(baseRef, expected);
    const isShown = await catchUpHead(context, { repository, pull }, expected);
    if (isShown) await lookAtRuns(context, { repository, pull }, pass);
  }
}

async function lookAtRuns(context: Context, head: Head, pass: Pass): Promise<void> {
  if (pass.looksToSkip > 0) {
    pass.looksToSkip -= 1;
  } else if (pass.looksLeft > 0) {
    pass.looksLeft -= 1;
    await showOpenRuns(context, head);
  }
}
