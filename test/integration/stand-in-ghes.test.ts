import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { GHES_VERSIONS } from '../support/github/operations.ts';
import { startAdapterStage } from './octokit-scene.ts';
import { NAME, REPO, type Scene, Stage } from './stand-in-scene.ts';

describe.each(GHES_VERSIONS)('GitHub Enterprise Server %s', (ghes) => {
  let stage: Stage;
  let scene: Scene;

  beforeEach(async () => {
    stage = await Stage.start({ ghes });
    scene = await stage.openPull();
  });

  afterEach(async () => {
    await stage.gitHub.settled();
    await stage.gitHub.close();
  });

  test('answers REST below /api/v3 by its own description, links and redirects included', async () => {
    const { rest, paginate } = scene.octokit;
    const pull = { ...REPO, pull_number: scene.number };
    await rest.checks.create({ ...REPO, name: 'x', head_sha: scene.headSha });
    await rest.checks.listForRef({ ...REPO, ref: scene.headSha });
    const comments = [{ path: 'src/a.js', body: 'hm', line: 10 }];
    const { data } = await rest.pulls.get(pull);
    expect(data.url).toBe(`${stage.gitHub.url}/api/v3/repos/${NAME}/pulls/${scene.number}`);
    expect(data.html_url).toBe(`${stage.gitHub.url}/${NAME}/pull/${scene.number}`);
    const commit_id = scene.headSha;
    await rest.pulls.createReview({ ...pull, commit_id, event: 'COMMENT', body: 'b', comments });
    for (const body of ['1', '2', '3'])
      await rest.issues.createComment({ ...REPO, issue_number: scene.number, body });
    const wish = { ...REPO, issue_number: scene.number, per_page: 2 };
    const said = await paginate(rest.issues.listComments, wish);
    expect(said.map(({ body }) => body)).toEqual(['1', '2', '3']);
    await rest.pulls.listFiles(pull);
    await rest.repos.compareCommitsWithBasehead({ ...REPO, basehead: 'main...feature' });
    await stage.gitHub.renameRepository(NAME, 'gadget');
    expect((await rest.repos.get(REPO)).data.name).toBe('gadget');
    await stage.gitHub.settled();
    expect(stage.gitHub.violations).toEqual([]);
  });

  test('answers GraphQL at /api/graphql, where Octokit asks for it', async () => {
    const query = 'query ($id: ID!) { node(id: $id) { id } }';
    const pull = { ...REPO, pull_number: scene.number, commit_id: scene.headSha };
    const wish = { ...pull, path: 'src/a.js', body: 'hm', line: 10 };
    const { data } = await scene.octokit.rest.pulls.createReviewComment(wish);
    const id = data.node_id;
    expect(await scene.octokit.graphql(query, { id })).toEqual({ node: { id } });
    expect(stage.gitHub.violations).toEqual([]);
  });

  test('says its version and no rate limit, and has none on content', async () => {
    const { headers } = await scene.octokit.rest.repos.get(REPO);
    expect(headers['x-github-enterprise-version']).toBe(`${ghes}.0`);
    expect(Object.keys(headers).filter((name) => name.startsWith('x-ratelimit'))).toEqual([]);
    await expect(scene.octokit.rest.rateLimit.get()).rejects.toMatchObject({ status: 404 });
    const wish = { ...REPO, issue_number: scene.number, body: 'x' };
    for (let i = 0; i <= 80; i++) await scene.octokit.rest.issues.createComment(wish);
    expect(stage.gitHub.issueComments(NAME, scene.number)).toHaveLength(81);
  });

  test('knows no API elsewhere, and no version of it but its own', async () => {
    const authorization = 'Bearer x';
    const ask = (path: string, headers: Record<string, string>) =>
      fetch(`${stage.gitHub.url}${path}`, { headers: { authorization, ...headers } });
    expect((await ask(`/repos/${NAME}`, {})).status).toBe(404);
    expect((await ask('/graphql', {})).status).toBe(404);
    expect(stage.gitHub.violations).toMatchObject([
      { operation: `GET /repos/${NAME}` },
      { operation: 'GET /graphql' },
    ]);
    const newer = { 'x-github-api-version': '2026-03-10' };
    expect((await ask(`/api/v3/repos/${NAME}`, newer)).status).toBe(400);
  });

  test('says with each webhook which server and version sends it', async () => {
    const received: IncomingHttpHeaders[] = [];
    const inbox = createServer((req, res) => {
      received.push(req.headers);
      res.writeHead(202).end();
    });
    await new Promise<void>((resolve) => void inbox.listen(0, '127.0.0.1', resolve));
    stage.gitHub.webhookUrl = `http://127.0.0.1:${(inbox.address() as AddressInfo).port}/hook`;
    await stage.gitHub.comment(NAME, scene.number, 'mona', 'hello');
    inbox.closeAllConnections();
    inbox.close();
    expect(received).toMatchObject([
      { 'x-github-enterprise-version': `${ghes}.0`, 'x-github-enterprise-host': '127.0.0.1' },
    ]);
    expect(stage.gitHub.violations).toEqual([]);
  });

  test('gives short tokens', async () => {
    const wish = { installation_id: scene.installationId };
    const { data } = await stage.asApp().rest.apps.createInstallationAccessToken(wish);
    expect(data.token).toMatch(/^ghs_[A-Za-z0-9]{36}$/);
  });

  test('serves the adapter as github.com does', async () => {
    const at = await startAdapterStage({ ghes });
    const { gitHub, repository, stage: other } = at;
    const pull = await gitHub.pullRequests.get(repository, at.scene.number);
    expect(pull.headSha).toBe(at.headSha);
    const { requests, violations } = other.gitHub;
    expect(requests.at(-1)?.path).toBe(`/repos/${NAME}/pulls/${at.scene.number}`);
    expect(violations).toEqual([]);
    await other.gitHub.close();
  });
});
