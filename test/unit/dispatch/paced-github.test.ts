import { describe, expect, it } from 'vitest';
import { paceGitHub } from '../../../src/dispatch/paced-github.ts';
import { SallyportError } from '../../../src/errors.ts';
import type { ContentPace } from '../../../src/ports/content-pace.ts';
import type { GitHub } from '../../../src/ports/github.ts';
import { storedTask } from '../../support/fakes/fix-scene.ts';
import { addIssue } from '../../support/fakes/issue-scene.ts';
import { headSha, number, repository, World } from '../../support/fakes/world.ts';

const { installationId } = repository;
const place = { number, threadId: null };
const state = { status: 'in_progress' } as const;
const output = { title: 'T', summary: 'S' };

/** A pace that says what a test tells it to, and that there is room else. */
class ToldPace implements ContentPace {
  readonly asked: (readonly [number, number])[] = [];
  readonly blocked: (readonly [number, number])[] = [];
  waits: number[] = [];
  isAway = false;

  async take(id: number, nowMs: number): Promise<number> {
    await this.#answer();
    this.asked.push([id, nowMs]);
    return this.waits.shift() ?? 0;
  }

  async block(id: number, untilMs: number): Promise<void> {
    await this.#answer();
    this.blocked.push([id, untilMs]);
  }

  async #answer(): Promise<void> {
    await Promise.resolve();
    if (this.isAway) throw new SallyportError('store.unavailable', 'planned');
  }
}

interface Scene {
  readonly world: World;
  readonly pace: ToldPace;
  readonly gitHub: GitHub;
  /** The check run, comment and thread that are there already. */
  readonly known: { runId: number; commentId: number; threadId: string; nodeId: string };
}

async function scene(): Promise<Scene> {
  const world = new World();
  addIssue(world);
  await storedTask(world, 'done');
  const { github, clock } = world;
  const pace = new ToldPace();
  const gitHub = paceGitHub(github, { pace, clock, log: world.context.log });
  const run = { name: 'n', headSha, externalId: 'x', state, output };
  const runId = await github.checkRuns.create(repository, run);
  const commentId = await github.conversations.comment(repository, place, 'there');
  const comment = { headSha, path: 'src/a.js', body: 'there' };
  await github.reviewThreads.commentOnFile(repository, number, comment);
  const [thread] = await github.reviewThreads.list(repository, number);
  if (thread === undefined) throw new Error('no thread');
  const known = { runId, commentId, threadId: thread.threadId, nodeId: thread.commentNodeId };
  return { world, pace, gitHub, known };
}

/** Everything that the fake GitHub was made to keep. */
function keptBy({ world: { github } }: Scene): string {
  const { runs, reviews, comments, branches, issues, reactions, reviewThreads } = github;
  const kept = [[...runs.values()], reviews, comments, [...branches], issues, reactions];
  return JSON.stringify([...kept, reviewThreads]);
}

type Write = (gitHub: GitHub, known: Scene['known']) => Promise<unknown>;

const contents: readonly (readonly [string, string, Write])[] = [
  [
    'a comment',
    'conversations.comment',
    (gitHub) => gitHub.conversations.comment(repository, place, 'b'),
  ],
  [
    'a review',
    'pullRequests.createReview',
    (gitHub) =>
      gitHub.pullRequests.createReview(repository, number, { headSha, body: 'b', comments: [] }),
  ],
  [
    'a comment on a file',
    'reviewThreads.commentOnFile',
    (gitHub) =>
      gitHub.reviewThreads.commentOnFile(repository, number, {
        headSha,
        path: 'src/a.js',
        body: 'b',
      }),
  ],
  [
    'a pull request',
    'issues.openPullRequest',
    (gitHub) =>
      gitHub.issues.openPullRequest(repository, {
        branch: 'feature',
        baseRef: 'main',
        title: 't',
        body: 'b',
        isDraft: true,
      }),
  ],
  [
    'a commit',
    'commits.commitOnBranch',
    (gitHub) =>
      gitHub.commits.commitOnBranch(repository, {
        branch: 'feature',
        expectedHeadSha: headSha,
        headline: 'h',
        body: '',
        additions: [],
        deletions: [],
      }),
  ],
];

const others: readonly (readonly [string, string, Write])[] = [
  [
    'a check run',
    'checkRuns.create',
    (gitHub) =>
      gitHub.checkRuns.create(repository, { name: 'm', headSha, externalId: 'y', state, output }),
  ],
  [
    'a check run that is written anew',
    'checkRuns.update',
    (gitHub, { runId }) => gitHub.checkRuns.update(repository, runId, { state, output }),
  ],
  [
    'a word on a check run',
    'checkRuns.tell',
    (gitHub, { runId }) => gitHub.checkRuns.tell(repository, runId, output),
  ],
  [
    'a comment that is written anew',
    'conversations.update',
    (gitHub, { commentId }) =>
      gitHub.conversations.update(repository, { commentId, isInThread: false }, 'new'),
  ],
  [
    'a reaction',
    'conversations.react',
    (gitHub, { commentId }) =>
      gitHub.conversations.react(repository, { commentId, isInThread: false }, 'eyes'),
  ],
  [
    'a branch',
    'issues.createBranch',
    (gitHub) => gitHub.issues.createBranch(repository, 'x', headSha),
  ],
  [
    'a thread that is resolved',
    'reviewThreads.resolve',
    (gitHub, { threadId }) => gitHub.reviewThreads.resolve(repository, threadId),
  ],
  [
    'a thread that is opened again',
    'reviewThreads.unresolve',
    (gitHub, { threadId }) => gitHub.reviewThreads.unresolve(repository, threadId),
  ],
  [
    'a comment that is minimised',
    'reviewThreads.minimise',
    (gitHub, { nodeId }) => gitHub.reviewThreads.minimise(repository, nodeId, 'outdated'),
  ],
];

describe('content', () => {
  it.each(contents)('takes room for one piece: %s', async (_what, _method, write) => {
    const there = await scene();
    const before = keptBy(there);
    const nowMs = there.world.clock.nowMs();
    await write(there.gitHub, there.known);
    expect(there.pace.asked).toEqual([[installationId, nowMs]]);
    expect(keptBy(there)).not.toBe(before);
  });

  it.each(contents)('waits for room that is there soon: %s', async (_what, method, write) => {
    const there = await scene();
    const { clock, github } = there.world;
    const before = github.faults.count(method);
    there.pace.waits = [4_000, 6_000];
    const writing = write(there.gitHub, there.known);
    await clock.advance(9_999);
    expect(github.faults.count(method)).toBe(before);
    await clock.advance(1);
    await writing;
    expect(github.faults.count(method)).toBe(before + 1);
  });

  it.each(contents)('is left to the queue where room is not there soon: %s', async (...row) => {
    const there = await scene();
    const before = keptBy(there);
    there.pace.waits = [10_001];
    await expect(row[2](there.gitHub, there.known)).rejects.toMatchObject({
      code: 'github.unavailable',
      retryAfterMs: 10_001,
    });
    expect(keptBy(there)).toBe(before);
    expect(there.pace.blocked).toEqual([]);
  });

  it('does not wait ten seconds again and again', async () => {
    const there = await scene();
    there.pace.waits = [6_000, 6_000];
    const writing = there.gitHub.conversations.comment(repository, place, 'b');
    const ended = writing.catch((error: unknown) => error);
    await there.world.clock.advance(6_000);
    expect(await ended).toMatchObject({ code: 'github.unavailable', retryAfterMs: 6_000 });
  });

  it.each(contents)('is not created while nobody can say how much was: %s', async (...row) => {
    const there = await scene();
    const before = keptBy(there);
    there.pace.isAway = true;
    await expect(row[2](there.gitHub, there.known)).rejects.toMatchObject({
      code: 'store.unavailable',
    });
    expect(keptBy(there)).toBe(before);
  });
});

describe('what is no content', () => {
  it.each(others)('takes no room, and needs none: %s', async (_what, method, write) => {
    const there = await scene();
    const { faults } = there.world.github;
    const before = faults.count(method);
    there.pace.isAway = true;
    await write(there.gitHub, there.known);
    expect(faults.count(method)).toBe(before + 1);
    expect(there.pace.asked).toEqual([]);
  });
});

describe('a rate limit', () => {
  const limited = (retryAfterMs: number | null) =>
    new SallyportError('github.unavailable', 'limited', { retryAfterMs });
  const all = [...contents, ...others];

  it.each(all)('stops the content of the installation: %s', async (_what, method, write) => {
    const there = await scene();
    const { faults } = there.world.github;
    const error = limited(120_000);
    faults.plan({ method, nth: 1, when: 'before', error });
    await expect(write(there.gitHub, there.known)).rejects.toBe(error);
    const untilMs = there.world.clock.nowMs() + 120_000;
    expect(there.pace.blocked).toEqual([[installationId, untilMs]]);
  });

  it.each(all)('is not what any other fault is: %s', async (_what, method, write) => {
    const there = await scene();
    const error = limited(null);
    there.world.github.faults.plan({ method, nth: 1, when: 'before', error });
    await expect(write(there.gitHub, there.known)).rejects.toBe(error);
    expect(there.pace.blocked).toEqual([]);
  });

  it('stops content for an hour at most, whatever the answer says', async () => {
    const there = await scene();
    const error = limited(10 ** 12);
    const { faults } = there.world.github;
    faults.plan({ method: 'conversations.comment', nth: 1, when: 'before', error });
    const writing = there.gitHub.conversations.comment(repository, place, 'b');
    await expect(writing).rejects.toBe(error);
    const untilMs = there.world.clock.nowMs() + 3_600_000;
    expect(there.pace.blocked).toEqual([[installationId, untilMs]]);
  });

  it('is told to who asked also while the store is away', async () => {
    const there = await scene();
    const error = limited(1_000);
    const { faults } = there.world.github;
    faults.plan({ method: 'checkRuns.tell', nth: 1, when: 'before', error });
    there.pace.isAway = true;
    const writing = there.gitHub.checkRuns.tell(repository, there.known.runId, output);
    await expect(writing).rejects.toBe(error);
  });
});
