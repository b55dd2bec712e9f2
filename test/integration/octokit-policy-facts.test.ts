import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openRepository } from '../support/repositories.ts';
import { type AdapterStage, endAdapterStage, startAdapterStage } from './octokit-scene.ts';
import { NAME } from './stand-in-scene.ts';

const path = '.github/sallyport.yml';
let at: AdapterStage;

beforeEach(async () => {
  at = await startAdapterStage();
});

afterEach(() => endAdapterStage(at));

async function push(branch: string, files: Readonly<Record<string, string>>): Promise<string> {
  return (await at.stage.gitHub.pushBranch(NAME, branch, { files }, 'mona')).sha;
}

describe('the facts that policies ask of GitHub', () => {
  it('find a repository by its name, with its ids and default branch', async () => {
    const { policyFacts } = at.gitHub;
    expect(await policyFacts.find('acme', 'widget')).toEqual({
      repository: at.repository,
      defaultBranch: 'main',
    });
    expect(await policyFacts.find('acme', '.github')).toBeUndefined();
  });

  it('read a file of a branch or commit, byte for byte', async () => {
    await push('policy', { [path]: 'version: 1\n# ü\n' });
    const { policyFacts } = at.gitHub;
    const file = await policyFacts.file(at.repository, 'policy', path);
    expect(file).toEqual({ kind: 'file', content: Buffer.from('version: 1\n# ü\n') });
    expect(await policyFacts.file(at.repository, 'main', path)).toBeUndefined();
    expect(await policyFacts.file(at.repository, 'main', 'README.md/x')).toMatchObject({
      kind: 'unreadable',
    });
    expect(await policyFacts.file(at.repository, 'gone', path)).toBeUndefined();
    expect(await policyFacts.file(at.repository, 'main', 'src')).toMatchObject({
      kind: 'unreadable',
      reason: expect.stringContaining('is a link or a folder') as string,
    });
  });

  it('follow no link, wherever it points', async () => {
    const { gitDir } = at.stage.gitHub.world.repository(NAME);
    const bare = openRepository(gitDir, { bare: true });
    const linked = await bare.commit([
      { path, content: '../open.yml', mode: '120000' },
      { path: 'open.yml', content: 'version: 1\n' },
    ]);
    await bare.git(['update-ref', 'refs/heads/linked', linked]);
    const folder = await bare.commit([
      { path: '.github', content: 'docs', mode: '120000' },
      { path: 'docs/sallyport.yml', content: 'version: 1\n' },
    ]);
    await bare.git(['update-ref', 'refs/heads/folder', folder]);
    const { policyFacts } = at.gitHub;
    for (const ref of ['linked', 'folder']) {
      const file = await policyFacts.file(at.repository, ref, path);
      expect(file).toMatchObject({ kind: 'unreadable' });
    }
  });

  it('take no tag for the branch of its name', async () => {
    const { gitDir } = at.stage.gitHub.world.repository(NAME);
    const bare = openRepository(gitDir, { bare: true });
    const tagged = await bare.commit([{ path, content: 'version: 1\nforks: run\n' }]);
    await bare.git(['update-ref', 'refs/tags/main', tagged]);
    const { policyFacts } = at.gitHub;
    expect(await policyFacts.file(at.repository, 'main', path)).toBeUndefined();
    const sides = { base: 'main', head: at.headSha };
    expect(await policyFacts.mergeBase(at.repository, sides)).not.toBe(tagged);
  });

  it('tell how a pull request stands, with its changed files', async () => {
    const pull = await at.gitHub.policyFacts.pullRequest(at.repository, at.scene.number);
    expect(pull).toMatchObject({
      number: at.scene.number,
      state: 'open',
      isDraft: false,
      isFork: false,
      author: { login: 'mona' },
      baseBranch: 'main',
      headSha: at.headSha,
      labels: [],
      paths: ['src/a.js'],
    });
  });

  it('tell where a head has departed from its base', async () => {
    const main = await at.gitHub.commits.branchHead(at.repository, 'main');
    const sides = { base: 'main', head: at.headSha };
    expect(await at.gitHub.policyFacts.mergeBase(at.repository, sides)).toBe(main.sha);
  });
});
