import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Trigger } from '../../src/domain/trigger.ts';
import { SallyportError } from '../../src/errors.ts';
import { type RunningServer, startServer } from '../../src/server.ts';
import { type AdapterStage, startAdapterStage } from './octokit-scene.ts';
import { NAME } from './stand-in-scene.ts';

const silent = (): undefined => undefined;
let at: AdapterStage;
let server: RunningServer;
let triggers: Trigger[];
let isQueueDown: boolean;
let earlierDeliveries: number;

async function enqueue(trigger: Trigger): Promise<void> {
  if (isQueueDown) throw new SallyportError('queue.unavailable', 'the queue is down');
  triggers.push(trigger);
}

beforeEach(async () => {
  at = await startAdapterStage();
  triggers = [];
  isQueueDown = false;
  server = await startServer({
    host: '127.0.0.1',
    port: 0,
    appId: at.stage.gitHub.world.app.id,
    webhookSecret: at.stage.gitHub.webhookSecret,
    log: { info: silent, warn: silent, error: silent },
    health: {},
    enqueue,
  });
  earlierDeliveries = at.stage.gitHub.deliveries.length;
  at.stage.gitHub.webhookUrl = `${server.url}/api/github/webhooks`;
});

afterEach(async () => {
  await at.stage.gitHub.settled();
  const { violations } = at.stage.gitHub;
  await at.stage.gitHub.close();
  await server.close();
  expect(violations).toEqual([]);
});

/** The statuses that GitHub saw since the server listens, oldest first. */
function answers() {
  return at.stage.gitHub.deliveries.slice(earlierDeliveries).map((delivery) => delivery.statusCode);
}

describe('what GitHub delivers', () => {
  it('becomes triggers about the repository, the person and the head that it is about', async () => {
    const { gitHub } = at.stage;
    const common = { repository: at.repository, sender: { login: 'mona', type: 'User' } };
    const headSha = await gitHub.pushToPullRequest(NAME, at.scene.number, {
      files: { 'b.js': '1\n' },
    });
    await gitHub.comment(NAME, at.scene.number, 'mona', '/sallyport review');
    await gitHub.closePullRequest(NAME, at.scene.number, 'mona');
    const { number } = at.scene;
    expect(triggers).toMatchObject([
      { ...common, type: 'suite-requested', pullRequests: [number], headSha },
      { ...common, type: 'pull-request', action: 'synchronize', number, headSha },
      { ...common, type: 'comment', number, isPullRequest: true, body: '/sallyport review' },
      { ...common, type: 'pull-request', action: 'closed', number, headSha },
    ]);
    expect(new Set(answers())).toEqual(new Set([200]));
  });

  it('becomes triggers for our check runs and not for those of others', async () => {
    const { gitHub } = at.stage;
    const id = await at.gitHub.checkRuns.create(at.repository, {
      name: 'sallyport',
      headSha: at.headSha,
      externalId: 't1',
      state: { status: 'queued' },
      output: { title: 'Review', summary: 'Held.' },
    });
    const actions = [{ label: 'Approve run', description: 'Run it.', identifier: 'approve-run' }];
    await at.gitHub.checkRuns.update(at.repository, id, {
      state: { status: 'completed', conclusion: 'action_required' },
      output: { title: 'Review', summary: 'Held.' },
      actions,
    });
    await gitHub.clickCheckAction(id, 'approve-run', 'octavia');
    await gitHub.rerequestCheckRun(id, 'octavia');
    const foreign = await gitHub.addForeignCheckRun(NAME, at.headSha, 'sallyport');
    await gitHub.rerequestCheckRun(foreign.id, 'octavia');
    const fields = { checkRunId: id, externalId: 't1', headSha: at.headSha };
    expect(triggers).toMatchObject([
      { ...fields, type: 'check-action', identifier: 'approve-run', sender: { login: 'octavia' } },
      { ...fields, type: 'check-rerequested', sender: { login: 'octavia' } },
    ]);
  });

  it('does not include an answer to our own comments', async () => {
    await at.gitHub.conversations.comment(
      at.repository,
      { number: at.scene.number, threadId: null },
      '/sallyport review',
    );
    await at.stage.gitHub.settled();
    expect(answers().length).toBeGreaterThan(0);
    expect(triggers).toEqual([]);
  });

  it('does not include edits', async () => {
    const { gitHub } = at.stage;
    const { comment } = await gitHub.comment(NAME, at.scene.number, 'mona', 'Nice.');
    await gitHub.editComment(comment.id, 'mona', '/sallyport fix');
    expect(triggers).toMatchObject([{ type: 'comment', body: 'Nice.' }]);
  });

  it('becomes triggers for replies in review threads, and not for what starts one', async () => {
    const { gitHub } = at.stage;
    const comments = [{ path: 'src/a.js', line: 10, body: 'one' }];
    const review = { headSha: at.headSha, body: 'Look.', comments };
    await at.gitHub.pullRequests.createReview(at.repository, at.scene.number, review);
    await gitHub.settled();
    const root = gitHub.reviewComments(NAME, at.scene.number)[0]?.id ?? 0;
    const { id: commentId, updatedAt } = await gitHub.replyInThread(root, 'mona', '/sallyport fix');
    expect(triggers).toMatchObject([
      { type: 'comment', commentId, threadId: root, updatedAt, body: '/sallyport fix' },
    ]);
    expect(new Set(answers())).toEqual(new Set([200]));
  });

  it('shows as failed while the queue is down, and arrives with its id when delivered again', async () => {
    const { gitHub } = at.stage;
    isQueueDown = true;
    const { delivery } = await gitHub.comment(NAME, at.scene.number, 'mona', '/sallyport review');
    expect(delivery).toMatchObject({ statusCode: 503 });
    isQueueDown = false;
    const again = await gitHub.redeliver(delivery?.id ?? 0);
    expect(again).toMatchObject({ statusCode: 200 });
    expect(triggers).toMatchObject([{ type: 'comment', deliveryId: delivery?.guid }]);
  });
});
