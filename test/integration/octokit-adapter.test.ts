import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CheckAnnotation } from '../../src/ports/check-runs.ts';
import {
  type AdapterStage,
  endAdapterStage,
  makeAdapter,
  startAdapterStage,
} from './octokit-scene.ts';
import { NAME } from './stand-in-scene.ts';

const output = { title: 'Review', summary: 'Under way.' };
const completed = { status: 'completed', conclusion: 'neutral' } as const;

let at: AdapterStage;

beforeEach(async () => {
  at = await startAdapterStage();
});

afterEach(() => endAdapterStage(at));

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
    const said = { title: 'Still running', summary: 'Last said: x' };
    await at.gitHub.checkRuns.tell(at.repository, id, said);
    expect(at.stage.gitHub.checkRuns(NAME, at.headSha)).toMatchObject([
      { status: 'queued', conclusion: null, output: said },
    ]);
    await at.gitHub.checkRuns.update(at.repository, id, { state, output, actions });
    await at.gitHub.checkRuns.tell(at.repository, id, output);
    expect(at.stage.gitHub.checkRuns(NAME, at.headSha)).toMatchObject([
      { id, externalId: 't1', status: 'completed', conclusion: 'action_required', actions },
    ]);
  });

  it('of another App are not found', async () => {
    await at.stage.gitHub.addForeignCheckRun(NAME, at.headSha, 'sallyport');
    await expect(at.gitHub.checkRuns.find(at.repository, at.headSha, '')).resolves.toBeUndefined();
  });

  it('that are jobs of Actions have a log, whose storage is shown no token', async () => {
    const { gitHub } = at.stage;
    const log = '2026-03-04T12:00:00.1234567Z not ok 3\n';
    const { id } = await gitHub.addFailedJob(NAME, at.headSha, { name: 'test', log });
    const other = await gitHub.addForeignCheckRun(NAME, at.headSha, 'other');
    other.conclusion = 'failure';
    const { checkRuns } = at.gitHub;
    const failed = await checkRuns.failed(at.repository, at.headSha);
    expect(failed.map((run) => [run.id, run.isJob])).toEqual([
      [other.id, false],
      [id, true],
    ]);
    expect(await checkRuns.jobLog(at.repository, id)).toEqual({ text: 'not ok 3' });
    expect(await checkRuns.jobLog(at.repository, other.id)).toEqual({ unread: 'gone' });
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
      authorId: at.stage.gitHub.world.users.get('mona')?.id,
      labels: [],
      headSha: at.headSha,
      baseSha,
      baseRef: 'main',
      headRef: 'feature',
      isFork: false,
      updatedAtMs: expect.any(Number) as unknown,
      title: 'Change two places',
      body: '',
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
    at.stage.gitHub.expectUnprocessable();
    await expect(creating).rejects.toMatchObject({ code: 'github.rejected' });
  });
});

describe('conversations', () => {
  const marked = 'Hello <!-- t1 -->';
  const inConversation = () => ({ number: at.scene.number, threadId: null });
  const refTo = (commentId: number, isInThread = false) => ({ commentId, isInThread });

  it('get comments that are found again among those of others, also beyond a page', async () => {
    for (let count = 0; count < 101; count += 1) {
      await at.stage.gitHub.comment(NAME, at.scene.number, 'mallory', 'I copy <!-- t1 -->');
    }
    const place = inConversation();
    const id = await at.gitHub.conversations.comment(at.repository, place, marked);
    const other = makeAdapter(at.stage).conversations;
    await expect(other.findComment(at.repository, place, '<!-- t1 -->')).resolves.toBe(id);
  });

  it('get one reaction of a kind', async () => {
    const { gitHub } = at.stage;
    const { comment } = await gitHub.comment(NAME, at.scene.number, 'mona', '/sallyport review');
    await at.gitHub.conversations.react(at.repository, refTo(comment.id), 'eyes');
    await at.gitHub.conversations.react(at.repository, refTo(comment.id), 'eyes');
    expect(gitHub.reactions(comment.id)).toMatchObject([{ content: 'eyes' }]);
  });

  it('tell whose a comment is, when it was edited, and that it was deleted', async () => {
    const { gitHub, clock } = at.stage;
    const { conversations } = at.gitHub;
    const { comment } = await gitHub.comment(NAME, at.scene.number, 'mona', 'Nice.');
    const first = await conversations.read(at.repository, refTo(comment.id));
    const said = { body: 'Nice.', updatedAt: comment.updatedAt, isOwn: false, isMember: false };
    expect(first).toEqual(said);
    gitHub.setPermission(NAME, 'lee', 'write');
    const { comment: other } = await gitHub.comment(NAME, at.scene.number, 'lee', 'Yes.');
    const ofLee = await conversations.read(at.repository, refTo(other.id));
    expect(ofLee).toMatchObject({ body: 'Yes.', isMember: true });
    clock.nowMs += 5_000;
    await gitHub.editComment(comment.id, 'mona', '/sallyport fix');
    const edited = await conversations.read(at.repository, refTo(comment.id));
    expect(edited).toMatchObject({ body: '/sallyport fix' });
    expect(edited?.updatedAt).not.toBe(first?.updatedAt);
    gitHub.deleteComment(comment.id);
    expect(await conversations.read(at.repository, refTo(comment.id))).toBeUndefined();
  });

  it('are written anew', async () => {
    const { conversations } = at.gitHub;
    const id = await conversations.comment(at.repository, inConversation(), 'one');
    await conversations.update(at.repository, refTo(id), 'two');
    expect(await conversations.read(at.repository, refTo(id))).toMatchObject({
      body: 'two',
      isOwn: true,
    });
  });

  it('of review threads are read, answered, found, written anew and reacted to', async () => {
    const { gitHub } = at.stage;
    const { conversations, pullRequests } = at.gitHub;
    await pullRequests.createReview(at.repository, at.scene.number, review());
    const [root, other] = gitHub.reviewComments(NAME, at.scene.number).map(({ id }) => id);
    if (root === undefined || other === undefined) throw new Error('no threads');
    expect(await conversations.read(at.repository, refTo(root, true))).toMatchObject({
      body: 'one',
      isOwn: true,
    });
    const place = { number: at.scene.number, threadId: root };
    const asked = await gitHub.replyInThread(root, 'mona', '/sallyport help');
    expect(await conversations.read(at.repository, refTo(asked.id, true))).toMatchObject({
      isOwn: false,
    });
    await conversations.react(at.repository, refTo(asked.id, true), 'eyes');
    expect(gitHub.reactions(asked.id)).toMatchObject([{ content: 'eyes' }]);
    const id = await conversations.comment(at.repository, place, marked);
    await gitHub.replyInThread(root, 'mallory', marked);
    const elsewhere = { ...place, threadId: other };
    expect(await conversations.findComment(at.repository, place, '<!-- t1 -->')).toBe(id);
    expect(await conversations.findComment(at.repository, elsewhere, 't1')).toBeUndefined();
    await conversations.update(at.repository, refTo(id, true), 'two');
    expect(await conversations.read(at.repository, refTo(id, true))).toMatchObject({ body: 'two' });
    expect(await conversations.read(at.repository, refTo(id, false))).toBeUndefined();
  });
});
