import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/rest';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type GitHubStandIn, startGitHubStandIn } from '../support/github/stand-in.ts';

const exec = promisify(execFile);
const REPO = { owner: 'acme', repo: 'widget' };
const NAME = 'acme/widget';
const LINES = Array.from({ length: 60 }, (_, i) => `line ${i + 1}`);
const SILENT = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

let gitHub: GitHubStandIn;
let nowMs: number;

beforeEach(async () => {
  nowMs = Date.now();
  gitHub = await startGitHubStandIn({ clock: () => nowMs });
});

afterEach(async () => {
  await gitHub.close();
});

/** A file of 60 lines with some of them replaced. */
function text(changes: Readonly<Record<number, string>> = {}): string {
  return `${LINES.map((line, i) => changes[i + 1] ?? line).join('\n')}\n`;
}

/** A private repository with the App and one pull request by `mona` that changes lines 10 and 41. */
async function pullRequest(): Promise<{ number: number; headSha: string; octokit: Octokit }> {
  gitHub.addUser('acme', { type: 'Organization' });
  const seed = { files: { 'README.md': '# widget\n', 'src/a.js': text() } };
  await gitHub.createRepository({ owner: 'acme', name: 'widget', isPrivate: true, seed });
  const { id } = await gitHub.installApp(NAME);
  const files = { 'src/a.js': text({ 10: 'changed', 41: 'x\ny' }) };
  await gitHub.pushBranch(NAME, 'feature', { files }, 'mona');
  const { number, pull } = await gitHub.openPullRequest({
    repo: NAME,
    author: 'mona',
    head: 'feature',
    title: 'Change',
  });
  return { number, headSha: pull.headSha, octokit: asInstallation(id) };
}

function asInstallation(installationId: number): Octokit {
  return client({ appId: 4242, privateKey: gitHub.appPrivateKey, installationId });
}

function asApp(): Octokit {
  return client({ appId: 4242, privateKey: gitHub.appPrivateKey });
}

function client(auth: Record<string, unknown>): Octokit {
  return new Octokit({ baseUrl: gitHub.url, authStrategy: createAppAuth, auth, log: SILENT });
}

/** A client with a token of the caller's own making. */
function withToken(token: string): Octokit {
  return new Octokit({ baseUrl: gitHub.url, auth: token, log: SILENT });
}

describe('checks', () => {
  test('a run is created, updated, completed and read back; annotations are appended', async () => {
    const { headSha, octokit } = await pullRequest();
    const { data: run } = await octokit.rest.checks.create({
      ...REPO,
      name: 'review',
      head_sha: headSha,
      external_id: 'pr-1',
    });
    const output = { title: 'T', summary: 'S', annotations: [annotation(1)] };
    await octokit.rest.checks.update({ ...REPO, check_run_id: run.id, output });
    await octokit.rest.checks.update({
      ...REPO,
      check_run_id: run.id,
      conclusion: 'neutral',
      output: { ...output, annotations: [annotation(2)] },
    });
    const { data: read } = await octokit.rest.checks.get({ ...REPO, check_run_id: run.id });
    expect(read).toMatchObject({
      status: 'completed',
      conclusion: 'neutral',
      external_id: 'pr-1',
      pull_requests: [{ number: 1 }],
    });
    expect(gitHub.annotations(run.id).map((one) => one.start_line)).toEqual([1, 2]);
    expect(gitHub.violations).toEqual([]);
  });
});

function annotation(line: number): {
  path: string;
  start_line: number;
  end_line: number;
  annotation_level: 'notice';
  message: string;
} {
  return {
    path: 'src/a.js',
    start_line: line,
    end_line: line,
    annotation_level: 'notice',
    message: 'look',
  };
}

describe('reviews', () => {
  test('a review with line comments is recorded on the lines it names', async () => {
    const { number, headSha, octokit } = await pullRequest();
    const comments = [{ path: 'src/a.js', line: 10, side: 'RIGHT', body: 'hm' }];
    await octokit.rest.pulls.createReview({
      ...REPO,
      pull_number: number,
      commit_id: headSha,
      event: 'COMMENT',
      body: 'b',
      comments,
    });
    expect(
      gitHub.reviewComments(NAME, number).map(({ anchor }) => [anchor.path, anchor.line]),
    ).toEqual([['src/a.js', 10]]);
    expect(gitHub.violations).toEqual([]);
  });
});

describe('git', () => {
  test('an installation token clones a private repository and fetches the head of a pull request', async () => {
    const { number, headSha, octokit } = await pullRequest();
    const { token } = (await octokit.auth({ type: 'installation' })) as { token: string };
    const folder = await mkdtemp(join(tmpdir(), 'stand-in-clone-'));
    try {
      const basic = Buffer.from(`x-access-token:${token}`).toString('base64');
      const header = ['-c', `http.extraHeader=Authorization: Basic ${basic}`];
      await exec('git', [...header, 'clone', '--quiet', `${gitHub.url}/acme/widget.git`, folder]);
      await exec('git', [
        ...header,
        '-C',
        folder,
        'fetch',
        '--quiet',
        'origin',
        `refs/pull/${number}/head`,
      ]);
      const { stdout } = await exec('git', ['-C', folder, 'rev-parse', 'FETCH_HEAD']);
      expect(stdout.trim()).toBe(headSha);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
    expect(gitHub.violations).toEqual([]);
  });

  test('a token that is unknown is refused', async () => {
    await pullRequest();
    await expect(withToken('ghs_nonsense').rest.repos.get(REPO)).rejects.toMatchObject({
      status: 401,
    });
    expect((await asApp().rest.apps.getAuthenticated()).data?.slug).toBe('sallyport');
  });
});
