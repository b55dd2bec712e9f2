import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CheckAnnotation } from '../../src/ports/github.ts';
import { type AdapterStage, makeAdapter, startAdapterStage } from './octokit-scene.ts';
import { NAME } from './stand-in-scene.ts';

const output = { title: 'Review', summary: 'Under way.' };
const completed = { status: 'completed', conclusion: 'neutral' } as const;

let at: AdapterStage;

beforeEach(async () => {
  at = await startAdapterStage();
});

afterEach(async () => {
  const { gitHub } = at.stage;
  await gitHub.settled();
  const { violations, unmetFaults } = gitHub;
  await gitHub.close();
  expect({ violations, unmetFaults }).toEqual({ violations: [], unmetFaults: 0 });
});

function annotations(count: number): CheckAnnotation[] {
  return Array.from({ length: count }, (_, index) => ({
    path: 'src/a.js',
    startLine: index + 1,
    endLine: index + 1,
    level: 'notice',
    title: `Finding ${index + 1}`,
    message: 'Look here.',
  }));
}

function create(): Promise<number> {
  return at.gitHub.checkRuns.create(at.repository, {
    name: 'sallyport',
    headSha: at.headSha,
    externalId: 't1',
    state: { status: 'queued' },
    output,
  });
}

function review() {
  return {
    headSha: at.headSha,
    body: 'Two things. <!-- t1 -->',
    comments: [
      { path: 'src/a.js', line: 10, body: 'one' },
      { path: 'src/a.js', line: 42, startLine: 41, body: 'two' },
    ],
  };
}

describe('check runs', () => {
  it('are created, found again by another process, and completed with buttons', async () => {
    const id = await create();
    await expect(
      makeAdapter(at.stage).checkRuns.find(at.repository, at.headSha, 't1'),
    ).resolves.toBe(id);
    await expect(
      at.gitHub.checkRuns.find(at.repository, at.headSha, 't2'),
    ).resolves.toBeUndefined();
    const actions = [{ label: 'Apply', description: 'Commit the patch.', identifier: 'apply' }];
    const state = { status: 'completed', conclusion: 'action_required' } as const;
    await at.gitHub.checkRuns.update(at.repository, id, { state, output, actions });
    expect(at.stage.gitHub.checkRuns(NAME, at.headSha)).toMatchObject([
      { id, externalId: 't1', status: 'completed', conclusion: 'action_required', actions },
    ]);
  });

  it('of another App are not found', async () => {
    await at.stage.gitHub.addForeignCheckRun(NAME, at.headSha, 'sallyport');
    await expect(at.gitHub.checkRuns.find(at.repository, at.headSha, '')).resolves.toBeUndefined();
  });

  it.each(['before', 'after'] as const)(
    'get every annotation once when a request breaks %s it took effect',
    async (when) => {
      const id = await create();
      const change = { state: completed, output, annotations: annotations(120) };
      at.stage.gitHub.fault({ method: 'PATCH', path: `/check-runs/${id}`, when });
      await expect(at.gitHub.checkRuns.update(at.repository, id, change)).rejects.toMatchObject({
        code: 'github.unavailable',
      });
      expect(at.stage.gitHub.checkRuns(NAME, at.headSha)[0]?.status).toBe('queued');
      await makeAdapter(at.stage).checkRuns.update(at.repository, id, change);
      const lines = at.stage.gitHub.annotations(id).map((one) => one.start_line);
      expect(lines).toEqual(change.annotations.map((one) => one.startLine));
      expect(at.stage.gitHub.checkRuns(NAME, at.headSha)[0]?.status).toBe('completed');
    },
  );
});

describe('pull requests', () => {
  it('are read as they are', async () => {
    const baseSha = await at.stage.gitHub.branchHead(NAME, 'main');
    await expect(at.gitHub.pullRequests.get(at.repository, at.scene.number)).resolves.toEqual({
      number: at.scene.number,
      state: 'open',
      isDraft: false,
      authorLogin: 'mona',
      headSha: at.headSha,
      baseSha,
      baseRef: 'main',
      headRef: 'feature',
      isFork: false,
    });
  });

  it('from forks say so', async () => {
    await at.stage.gitHub.fork(NAME, 'hubot');
    await at.stage.gitHub.pushBranch('hubot/widget', 'theirs', { files: { 'x.js': '1\n' } });
    const wish = {
      repo: NAME,
      headRepo: 'hubot/widget',
      author: 'hubot',
      head: 'theirs',
      title: 't',
    };
    const { number } = await at.stage.gitHub.openPullRequest(wish);
    await expect(at.gitHub.pullRequests.get(at.repository, number)).resolves.toMatchObject({
      isFork: true,
      authorLogin: 'hubot',
    });
  });

  it('that are not there are not found', async () => {
    const getting = at.gitHub.pullRequests.get(at.repository, 9_999);
    await expect(getting).rejects.toMatchObject({ code: 'github.not-found' });
  });

  it('get a review that another process finds again', async () => {
    const id = await at.gitHub.pullRequests.createReview(at.repository, at.scene.number, review());
    const anchors = at.stage.gitHub
      .reviewComments(NAME, at.scene.number)
      .map(({ anchor }) => anchor);
    expect(anchors).toMatchObject([
      { line: 10, side: 'RIGHT' },
      { line: 42, startLine: 41, side: 'RIGHT' },
    ]);
    const other = makeAdapter(at.stage).pullRequests;
    await expect(other.findReview(at.repository, at.scene.number, '<!-- t1 -->')).resolves.toBe(id);
    await expect(
      other.findReview(at.repository, at.scene.number, '<!-- t2 -->'),
    ).resolves.toBeUndefined();
  });

  it('get one review when the answer is lost, because it is found and not sent again', async () => {
    at.stage.gitHub.fault({ method: 'POST', path: '/reviews', when: 'after' });
    const creating = at.gitHub.pullRequests.createReview(at.repository, at.scene.number, review());
    await expect(creating).rejects.toMatchObject({ code: 'github.unavailable' });
    const [made] = at.stage.gitHub.reviews(NAME, at.scene.number);
    const finding = at.gitHub.pullRequests.findReview(
      at.repository,
      at.scene.number,
      '<!-- t1 -->',
    );
    await expect(finding).resolves.toBe(made?.id);
    expect(at.stage.gitHub.reviews(NAME, at.scene.number)).toHaveLength(1);
  });

  it('get no review when one comment is outside the diff', async () => {
    const bad = { ...review(), comments: [{ path: 'src/a.js', line: 25, body: 'far away' }] };
    const creating = at.gitHub.pullRequests.createReview(at.repository, at.scene.number, bad);
    await expect(creating).rejects.toMatchObject({ code: 'github.rejected' });
  });
});

describe('conversations', () => {
  it('get comments that are found again among those of others, also beyond a page', async () => {
    for (let count = 0; count < 101; count += 1) {
      await at.stage.gitHub.comment(NAME, at.scene.number, 'mallory', 'I copy <!-- t1 -->');
    }
    const id = await at.gitHub.conversations.comment(
      at.repository,
      at.scene.number,
      'Hello <!-- t1 -->',
    );
    const finding = makeAdapter(at.stage).conversations.findComment(
      at.repository,
      at.scene.number,
      '<!-- t1 -->',
    );
    await expect(finding).resolves.toBe(id);
  });

  it('get one reaction of a kind', async () => {
    const { comment } = await at.stage.gitHub.comment(
      NAME,
      at.scene.number,
      'mona',
      '/sallyport review',
    );
    await at.gitHub.conversations.react(at.repository, comment.id, 'eyes');
    await at.gitHub.conversations.react(at.repository, comment.id, 'eyes');
    expect(at.stage.gitHub.reactions(comment.id)).toMatchObject([{ content: 'eyes' }]);
  });
});
