import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { NAME, REPO, type Scene, Stage } from './stand-in-scene.ts';

let stage: Stage;

beforeEach(async () => {
  stage = await Stage.start({ webhookSecret: 'it is a secret' });
});

afterEach(async () => {
  await stage.gitHub.close();
});

interface Received {
  headers: IncomingHttpHeaders;
  body: string;
}

/** A place for webhooks to go. It answers what it is told to. */
class Inbox {
  readonly received: Received[] = [];
  status = 202;
  readonly #server: Server;

  constructor() {
    this.#server = createServer((req, res) => {
      const chunks: Buffer[] = [];
      req.on('data', (chunk: Buffer) => chunks.push(chunk));
      req.on('end', () => {
        this.received.push({ headers: req.headers, body: Buffer.concat(chunks).toString('utf8') });
        res.writeHead(this.status).end();
      });
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => void this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/hook`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => void this.#server.close(() => resolve()));
  }
}

describe('webhooks', () => {
  let inbox: Inbox;
  let scene: Scene;

  beforeEach(async () => {
    inbox = new Inbox();
    stage.gitHub.webhookUrl = await inbox.listen();
    scene = await stage.openPull();
  });

  afterEach(async () => {
    await inbox.close();
  });

  test('are signed over their exact bytes and carry the headers of GitHub', async () => {
    const { delivery } = await stage.gitHub.comment(NAME, scene.number, 'mona', '/run');
    const last = inbox.received.at(-1);
    const signature = createHmac('sha256', 'it is a secret')
      .update(last?.body ?? '')
      .digest('hex');
    expect(last?.headers).toMatchObject({
      'content-type': 'application/json',
      'x-github-event': 'issue_comment',
      'x-github-delivery': delivery?.guid,
      'x-hub-signature-256': `sha256=${signature}`,
    });
    expect(JSON.parse(last?.body ?? '')).toMatchObject({
      action: 'created',
      comment: { body: '/run', user: { login: 'mona' } },
      installation: { id: scene.installationId },
      repository: { full_name: NAME },
      sender: { login: 'mona' },
    });
    expect(delivery?.statusCode).toBe(202);
  });

  test('of every kind fit the published schemas', async () => {
    const { gitHub } = stage;
    const { data: run } = await scene.octokit.rest.checks.create({
      ...REPO,
      name: 'x',
      head_sha: scene.headSha,
      conclusion: 'neutral',
    });
    const pull = { ...REPO, pull_number: scene.number };
    const comments = [{ path: 'src/a.js', line: 10, side: 'RIGHT', body: 'hm' }];
    await scene.octokit.rest.pulls.createReview({ ...pull, event: 'COMMENT', body: 'b', comments });
    const { comment } = await gitHub.comment(NAME, scene.number, 'mona', 'one');
    await gitHub.editComment(comment.id, 'mona', 'two');
    const issue = await gitHub.openIssue(NAME, 'mona', 'An issue');
    await gitHub.comment(NAME, issue, 'mona', 'on an issue');
    await gitHub.rerequestCheckRun(run.id, 'mona');
    await gitHub.rerequestCheckSuite(run.check_suite?.id ?? 0, 'mona');
    await gitHub.pushToPullRequest(NAME, scene.number, { files: { b: '1\n' } });
    await gitHub.closePullRequest(NAME, scene.number, 'mona');
    await gitHub.reopenPullRequest(NAME, scene.number, 'mona');
    await gitHub.markReadyForReview(NAME, scene.number, 'mona');
    await gitHub.closePullRequest(NAME, scene.number, 'mona', { merged: true });
    await gitHub.settled();
    expect(gitHub.violations).toEqual([]);
    const kinds = new Set(gitHub.deliveries.map((one) => `${one.event}.${one.action}`));
    expect([...kinds].toSorted()).toEqual([
      'check_run.completed',
      'check_run.created',
      'check_run.rerequested',
      'check_suite.requested',
      'check_suite.rerequested',
      'installation.created',
      'issue_comment.created',
      'issue_comment.edited',
      'issues.opened',
      'pull_request.closed',
      'pull_request.opened',
      'pull_request.ready_for_review',
      'pull_request.reopened',
      'pull_request.synchronize',
      'pull_request_review.submitted',
      'pull_request_review_comment.created',
      'push.null',
    ]);
  });

  test('that failed can be sent again by the API with the same delivery id and body', async () => {
    inbox.status = 500;
    const { delivery } = await stage.gitHub.comment(NAME, scene.number, 'mona', '/run');
    const app = stage.asApp();
    const { data: failed } = await app.request('GET /app/hook/deliveries', { status: 'failure' });
    expect(failed.map((one) => [one.guid, one.status_code])).toEqual([[delivery?.guid, 500]]);
    inbox.status = 202;
    await app.rest.apps.redeliverWebhookDelivery({ delivery_id: Number(failed[0]?.id) });
    await stage.gitHub.settled();
    const [first, second] = inbox.received.slice(-2);
    expect(second).toMatchObject({
      body: first?.body,
      headers: { 'x-github-delivery': delivery?.guid },
    });
    expect(stage.gitHub.deliveries.at(-1)).toMatchObject({ redelivery: true, statusCode: 202 });
  });

  test('to an App that does not answer are recorded as failed', async () => {
    await inbox.close();
    const { delivery } = await stage.gitHub.comment(NAME, scene.number, 'mona', '/run');
    expect(delivery?.statusCode).toBe(0);
  });

  test('do not come from a repository without the App', async () => {
    await stage.gitHub.createRepository({
      owner: 'else',
      name: 'where',
      seed: { files: { a: '1\n' } },
    });
    const { deliveries } = await stage.gitHub.pushBranch('else/where', 'main', {
      files: { b: '1\n' },
    });
    expect(deliveries).toEqual([]);
  });
});

describe('the contract', () => {
  let scene: Scene;

  beforeEach(async () => {
    scene = await stage.openPull();
  });

  test('an unknown route is 404 and recorded', async () => {
    const unknown = scene.octokit.request('GET /repos/{owner}/{repo}/stargazers', REPO);
    await expect(unknown).rejects.toMatchObject({ status: 404 });
    expect(stage.gitHub.violations).toMatchObject([{ errors: ['unknown route'] }]);
  });

  test.each([
    ['an unknown query parameter', 'GET /repos/{owner}/{repo}/pulls', { colour: 'red' }],
    ['a wrong value', 'GET /repos/{owner}/{repo}/pulls', { state: 'ajar' }],
    ['a number that is none', 'GET /repos/{owner}/{repo}/pulls/one', {}],
    ['a missing body field', 'POST /repos/{owner}/{repo}/git/refs', { sha: 'x' }],
  ])('%s is refused and recorded', async (_, route, extra) => {
    await expect(scene.octokit.request(route, { ...REPO, ...extra })).rejects.toMatchObject({
      status: 422,
    });
    expect(stage.gitHub.violations).toMatchObject([{ direction: 'request' }]);
  });

  test('lists page with links that Octokit follows', async () => {
    for (let i = 0; i < 5; i++)
      await stage.gitHub.comment(NAME, scene.number, 'mona', `comment ${i}`);
    const wish = { ...REPO, issue_number: scene.number, per_page: 2 };
    const all = await scene.octokit.paginate(scene.octokit.rest.issues.listComments, wish);
    expect(all.map((one) => one.body)).toEqual([0, 1, 2, 3, 4].map((i) => `comment ${i}`));
  });

  test('a reaction that is already there is 200, a new one 201', async () => {
    const { comment } = await stage.gitHub.comment(NAME, scene.number, 'mona', '/run');
    const wish = { ...REPO, comment_id: comment.id, content: 'eyes' as const };
    expect((await scene.octokit.rest.reactions.createForIssueComment(wish)).status).toBe(201);
    expect((await scene.octokit.rest.reactions.createForIssueComment(wish)).status).toBe(200);
    expect(stage.gitHub.reactions(comment.id).map((one) => one.content)).toEqual(['eyes']);
  });

  test("the App changes its own comments and nobody else's", async () => {
    const { issues } = scene.octokit.rest;
    const { data: own } = await issues.createComment({
      ...REPO,
      issue_number: scene.number,
      body: 'a',
    });
    await issues.updateComment({ ...REPO, comment_id: own.id, body: 'b' });
    const { comment } = await stage.gitHub.comment(NAME, scene.number, 'mona', '/run');
    const wish = { ...REPO, comment_id: comment.id, body: 'forged' };
    await expect(issues.updateComment(wish)).rejects.toMatchObject({ status: 403 });
    await issues.deleteComment({ ...REPO, comment_id: own.id });
    expect(stage.gitHub.issueComments(NAME, scene.number).map((one) => one.body)).toEqual(['/run']);
  });

  test('a comment body over 65,536 characters is refused', async () => {
    const wish = { ...REPO, issue_number: scene.number };
    const { issues } = scene.octokit.rest;
    const longest = await issues.createComment({ ...wish, body: 'x'.repeat(65_536) });
    expect(longest.status).toBe(201);
    await stage.expectUnprocessable(issues.createComment({ ...wish, body: 'x'.repeat(65_537) }));
  });
});

describe('an ordered fault', () => {
  let scene: Scene;

  beforeEach(async () => {
    scene = await stage.openPull();
  });

  const post = () =>
    scene.octokit.rest.issues.createComment({ ...REPO, issue_number: scene.number, body: 'x' });
  const bodies = () => stage.gitHub.issueComments(NAME, scene.number).map((one) => one.body);

  test('before the effect: the status is answered, nothing has happened, the next request works', async () => {
    stage.gitHub.fault({
      method: 'POST',
      path: '/comments',
      when: 'before',
      status: 502,
      headers: { 'retry-after': '1' },
    });
    await expect(post()).rejects.toMatchObject({
      status: 502,
      response: { headers: { 'retry-after': '1' } },
    });
    expect(bodies()).toEqual([]);
    await post();
    expect(bodies()).toEqual(['x']);
    expect(stage.gitHub.unmetFaults).toBe(0);
  });

  test('after the effect: the caller sees a dropped connection, but the comment is there', async () => {
    stage.gitHub.fault({ path: /comments$/, when: 'after' });
    await expect(post()).rejects.toThrow(/fetch failed|other side closed|socket/);
    expect(bodies()).toEqual(['x']);
    expect(stage.gitHub.requests.at(-1)).toMatchObject({ method: 'POST', status: 0 });
  });
});
