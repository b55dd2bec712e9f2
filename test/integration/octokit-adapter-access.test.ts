import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RepoPath } from '../../src/domain/repo-path.ts';
import { type AdapterStage, endAdapterStage, startAdapterStage } from './octokit-scene.ts';
import { NAME } from './stand-in-scene.ts';

let at: AdapterStage;

beforeEach(async () => {
  at = await startAdapterStage();
});

afterEach(() => endAdapterStage(at));

function commit() {
  return {
    branch: 'feature',
    expectedHeadSha: at.headSha,
    headline: 'fix: the bug',
    body: 'Task: t1',
    additions: [{ path: RepoPath.parse('docs/ü.bin'), bytes: new Uint8Array([0, 255, 10]) }],
    deletions: [RepoPath.parse('README.md')],
  };
}

describe('permissions', () => {
  it.each(['admin', 'maintain', 'write', 'triage', 'read', 'none'] as const)(
    'tell that someone has %s',
    async (role) => {
      at.stage.gitHub.setPermission(NAME, 'octavia', role);
      await expect(at.gitHub.permissions.of(at.repository, 'octavia')).resolves.toBe(role);
    },
  );

  it('count a custom role as what it amounts to', async () => {
    at.stage.gitHub.setPermission(NAME, 'octavia', 'release-crew', 'write');
    await expect(at.gitHub.permissions.of(at.repository, 'octavia')).resolves.toBe('write');
  });

  it('do not know strangers', async () => {
    await expect(at.gitHub.permissions.of(at.repository, 'nobody-here')).resolves.toBe('none');
  });
});

describe('commits', () => {
  it('land on the branch with their exact bytes', async () => {
    const sha = await at.gitHub.commits.commitOnBranch(at.repository, commit());
    await expect(at.gitHub.commits.branchHead(at.repository, 'feature')).resolves.toEqual({
      sha,
      message: 'fix: the bug\n\nTask: t1',
      parents: [at.headSha],
    });
    const trees = [sha, at.headSha].map((one) => at.gitHub.commits.treeOf(at.repository, one));
    expect(new Set(await Promise.all(trees)).size).toBe(2);
    const bytes = await at.stage.gitHub.file(NAME, sha, 'docs/ü.bin');
    expect([...bytes]).toEqual([0, 255, 10]);
    await expect(at.stage.gitHub.file(NAME, sha, 'README.md')).rejects.toThrow('README.md');
  });

  it('do not land on a branch that has moved', async () => {
    const moved = await at.stage.gitHub.pushBranch(NAME, 'feature', { files: { 'b.js': '1\n' } });
    const committing = at.gitHub.commits.commitOnBranch(at.repository, commit());
    await expect(committing).rejects.toMatchObject({ code: 'github.stale-head' });
    await expect(at.stage.gitHub.branchHead(NAME, 'feature')).resolves.toBe(moved.sha);
  });

  it('are forbidden to an installation that may only read contents', async () => {
    const granted = { checks: 'write', contents: 'read', metadata: 'read' };
    await at.stage.gitHub.installApp(NAME, granted);
    const committing = at.gitHub.commits.commitOnBranch(at.repository, commit());
    await expect(committing).rejects.toMatchObject({ code: 'github.forbidden' });
  });
});

describe('the source', () => {
  it('can be fetched with its token, which can do nothing else', async () => {
    const source = at.gitHub.sourceOf(at.repository);
    const token = (await source.token?.()) ?? '';
    const basic = Buffer.from(`x-access-token:${token}`).toString('base64');
    const { stdout } = await promisify(execFile)(
      'git',
      ['ls-remote', source.url, 'refs/heads/feature'],
      {
        env: {
          PATH: process.env['PATH'],
          GIT_CONFIG_COUNT: '1',
          GIT_CONFIG_KEY_0: 'http.extraHeader',
          GIT_CONFIG_VALUE_0: `Authorization: Basic ${basic}`,
        },
      },
    );
    expect(stdout).toContain(at.headSha);
    const writing = at.stage.withToken(token).rest.issues.createComment({
      owner: 'acme',
      repo: 'widget',
      issue_number: at.scene.number,
      body: 'I should not be able to',
    });
    await expect(writing).rejects.toMatchObject({ status: 403 });
  });

  it('of another repository is out of the token’s reach', async () => {
    const seed = { files: { 'README.md': '# other\n' } };
    const other = await at.stage.gitHub.createRepository({
      owner: 'acme',
      name: 'other',
      seed,
      isPrivate: true,
    });
    await at.stage.gitHub.installApp('acme/other');
    const token = (await at.gitHub.sourceOf(at.repository).token?.()) ?? '';
    const reading = at.stage.withToken(token).rest.repos.get({ owner: 'acme', repo: 'other' });
    await expect(reading).rejects.toMatchObject({ status: 404 });
    // A job whose record was mixed up: the name of one at.repository, the id of another.
    const mixed = { ...at.repository, repositoryId: other.id };
    const asking = at.gitHub.permissions.of(mixed, 'mona');
    await expect(asking).resolves.toBe('none');
  });
});
