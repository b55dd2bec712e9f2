import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { NAME, REPO, type Scene, Stage } from './stand-in-scene.ts';

const exec = promisify(execFile);
let stage: Stage;
let scene: Scene;
let folder: string;

beforeEach(async () => {
  stage = await Stage.start();
  scene = await stage.openPull();
  folder = await mkdtemp(join(tmpdir(), 'stand-in-git-'));
});

afterEach(async () => {
  await stage.gitHub.close();
  await rm(folder, { recursive: true, force: true });
});

async function newToken(request: object = {}): Promise<string> {
  const wish = { installation_id: scene.installationId, ...request };
  return (await stage.asApp().rest.apps.createInstallationAccessToken(wish)).data.token;
}

/** Runs git with a token in the environment, never on the command line. */
async function git(token: string | undefined, ...args: string[]): Promise<string> {
  const basic = Buffer.from(`x-access-token:${token ?? ''}`).toString('base64');
  const header = {
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'http.extraHeader',
    GIT_CONFIG_VALUE_0: `Authorization: Basic ${basic}`,
  };
  const quiet = {
    GIT_TERMINAL_PROMPT: '0',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
  };
  const env = { ...process.env, ...quiet, ...(token === undefined ? {} : header) };
  return (await exec('git', args, { env, cwd: folder })).stdout.trim();
}

const address = (name = NAME): string => `${stage.gitHub.url}/${name}.git`;

describe('git over HTTP', () => {
  test('clones a private repository and fetches the head of a pull request', async () => {
    const token = await newToken();
    await git(token, 'clone', '--quiet', address(), '.');
    await git(token, 'fetch', '--quiet', 'origin', `refs/pull/${scene.number}/head`);
    expect(await git(undefined, 'rev-parse', 'FETCH_HEAD')).toBe(scene.headSha);
    expect(stage.gitHub.violations).toEqual([]);
  });

  test('fetches any commit by its SHA, even one that a forced push left behind', async () => {
    await stage.gitHub.pushBranch(NAME, 'feature', {
      from: stage.gitHub.world.repository(NAME).gitDir,
      ref: 'refs/heads/main',
    });
    await git(undefined, 'init', '--quiet', '--bare', '.');
    await git(await newToken(), 'fetch', '--quiet', '--depth=1', address(), scene.headSha);
    expect(await git(undefined, 'cat-file', '-t', scene.headSha)).toBe('commit');
  });

  test('has the commits of a fork under the pull request of the base repository', async () => {
    await stage.gitHub.fork(NAME, 'stranger');
    const { sha } = await stage.gitHub.pushBranch('stranger/widget', 'evil', {
      files: { 'b.js': '1\n' },
    });
    const wish = {
      repo: NAME,
      headRepo: 'stranger/widget',
      author: 'stranger',
      head: 'evil',
      title: 'Fork',
    };
    const { number } = await stage.gitHub.openPullRequest(wish);
    const refs = await git(await newToken(), 'ls-remote', address(), `refs/pull/${number}/head`);
    expect(refs.split('\t')[0]).toBe(sha);
  });

  test.each([
    ['no token', async () => undefined],
    ['an unknown token', async () => 'ghs_4242_x'],
    [
      'a token for another repository',
      async () => {
        await stage.gitHub.createRepository({
          owner: 'acme',
          name: 'other',
          seed: { files: { a: '1\n' } },
        });
        await stage.gitHub.installApp('acme/other');
        return newToken({ repositories: ['other'] });
      },
    ],
    ['a token without contents', async () => newToken({ permissions: { checks: 'write' } })],
    [
      'an expired token',
      async () => {
        const token = await newToken();
        stage.clock.nowMs += 3_600_000;
        return token;
      },
    ],
  ])('refuses %s', async (_, make) => {
    await expect(git(await make(), 'ls-remote', address())).rejects.toThrow(
      /Authentication failed|not found|403|could not read/,
    );
  });

  test('takes no push, whatever the token may do, and records the attempt', async () => {
    const token = await newToken();
    await git(token, 'clone', '--quiet', address(), '.');
    await expect(git(token, 'push', '--quiet', 'origin', 'HEAD:refs/heads/x')).rejects.toThrow(
      '403',
    );
    expect(await stage.gitHub.branchHead(NAME, 'x')).toBeUndefined();
    expect(stage.gitHub.violations).toMatchObject([{ operation: `git push ${NAME}` }]);
  });
});

const MUTATION = `mutation ($input: CreateCommitOnBranchInput!) {
  createCommitOnBranch(input: $input) { commit { oid url } ref { name } }
}`;

interface Made {
  createCommitOnBranch: { commit: { oid: string } };
}

function commit(changes: object, extra: object = {}): Promise<Made> {
  const input = {
    branch: { repositoryNameWithOwner: NAME, branchName: 'feature' },
    message: { headline: 'Fix it', body: 'Because.' },
    expectedHeadOid: scene.headSha,
    fileChanges: changes,
    ...extra,
  };
  return scene.octokit.graphql<Made>(MUTATION, { input });
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('createCommitOnBranch', () => {
  test('makes a signed commit of the bot on the head and moves the pull request', async () => {
    const additions = [{ path: 'new/file.txt', contents: base64('hello\n') }];
    const made = await commit({ additions, deletions: [{ path: 'README.md' }] });
    const { oid } = made.createCommitOnBranch.commit;
    await stage.gitHub.settled();
    expect(stage.gitHub.pullRequest(NAME, scene.number).pull.headSha).toBe(oid);
    const record = await stage.gitHub.commit(NAME, oid);
    expect(record).toMatchObject({
      parents: [scene.headSha],
      author: { name: 'sallyport[bot]' },
      message: 'Fix it\n\nBecause.',
    });
    expect((await stage.gitHub.file(NAME, oid, 'new/file.txt')).toString()).toBe('hello\n');
    await expect(stage.gitHub.file(NAME, oid, 'README.md')).rejects.toThrow('README.md');
    const { data } = await scene.octokit.rest.repos.getCommit({ ...REPO, ref: oid });
    expect([data.commit.verification?.verified, data.author?.login]).toEqual([
      true,
      'sallyport[bot]',
    ]);
    const events = stage.gitHub.deliveries.slice(-3).map((one) => `${one.event}.${one.action}`);
    expect(events.toSorted()).toEqual([
      'check_suite.requested',
      'pull_request.synchronize',
      'push.null',
    ]);
    expect(stage.gitHub.violations).toEqual([]);
  });

  test('on a head that has moved is STALE_DATA and commits nothing', async () => {
    const head = await stage.gitHub.pushToPullRequest(NAME, scene.number, { files: { b: '1\n' } });
    const refused = commit({ additions: [{ path: 'c', contents: base64('1') }] });
    await expect(refused).rejects.toMatchObject({ errors: [{ type: 'STALE_DATA' }] });
    expect(await stage.gitHub.branchHead(NAME, 'feature')).toBe(head);
    expect(stage.gitHub.violations).toEqual([]);
  });

  test('of two at once on one head only one succeeds', async () => {
    const wishes = ['a', 'b'].map((path) =>
      commit({ additions: [{ path, contents: base64(path) }] }),
    );
    const results = await Promise.allSettled(wishes);
    expect(results.map((one) => one.status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  test.each([
    [
      'a workflow without that permission',
      { additions: [{ path: '.github/workflows/x.yml', contents: '' }] },
      'FORBIDDEN',
    ],
    ['a path that climbs', { additions: [{ path: '../x', contents: '' }] }, 'UNPROCESSABLE'],
    ['the .git folder', { additions: [{ path: '.GIT/config', contents: '' }] }, 'UNPROCESSABLE'],
    ['a file that is not there to delete', { deletions: [{ path: 'none' }] }, 'UNPROCESSABLE'],
    [
      'contents that are not Base64',
      { additions: [{ path: 'x', contents: 'not base64!' }] },
      'UNPROCESSABLE',
    ],
  ])('refuses %s', async (_, changes, type) => {
    await expect(commit(changes)).rejects.toMatchObject({ errors: [{ type }] });
    expect(await stage.gitHub.branchHead(NAME, 'feature')).toBe(scene.headSha);
  });

  test('is the only query: another one is refused and recorded', async () => {
    await expect(scene.octokit.graphql('{ viewer { login } }')).rejects.toThrow('viewer');
    expect(stage.gitHub.violations).toMatchObject([{ operation: 'graphql' }]);
  });
});

describe('files and history by the API', () => {
  test('contents, trees and blobs agree with git', async () => {
    const { git: api, repos } = scene.octokit.rest;
    const { data: file } = await repos.getContent({ ...REPO, path: 'src/a.js', ref: 'feature' });
    const { data: tree } = await api.getTree({ ...REPO, tree_sha: 'feature', recursive: '1' });
    const entry = tree.tree.find((one) => one.path === 'src/a.js');
    const { data: blob } = await api.getBlob({ ...REPO, file_sha: entry?.sha ?? '' });
    expect('content' in file && file.content).toBe(blob.content);
    expect(Buffer.from(blob.content, 'base64')).toEqual(
      await stage.gitHub.file(NAME, 'feature', 'src/a.js'),
    );
    const { data: root } = await repos.getContent({ ...REPO, path: '' });
    expect(Array.isArray(root) && root.map((one) => one.name)).toEqual(['README.md', 'src']);
    expect(stage.gitHub.violations).toEqual([]);
  });

  test('a comparison starts where the branches parted', async () => {
    await stage.gitHub.pushBranch(NAME, 'main', { files: { other: '1\n' } });
    const { data } = await scene.octokit.rest.repos.compareCommitsWithBasehead({
      ...REPO,
      basehead: 'main...feature',
    });
    expect([data.status, data.ahead_by, data.behind_by]).toEqual(['diverged', 1, 1]);
    expect(data.files?.map((one) => one.filename)).toEqual(['src/a.js']);
    const { data: files } = await scene.octokit.rest.pulls.listFiles({
      ...REPO,
      pull_number: scene.number,
    });
    expect(files.map((one) => one.filename)).toEqual(['src/a.js']);
  });

  test('a branch is made once', async () => {
    const wish = { ...REPO, ref: 'refs/heads/fixes', sha: scene.headSha };
    await scene.octokit.rest.git.createRef(wish);
    await expect(scene.octokit.rest.git.createRef(wish)).rejects.toMatchObject({ status: 422 });
    const { data } = await scene.octokit.rest.git.getRef({ ...REPO, ref: 'heads/fixes' });
    expect(data.object.sha).toBe(scene.headSha);
  });
});
