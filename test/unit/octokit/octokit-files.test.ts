import { describe, expect, it } from 'vitest';
import { mockServer } from '../../support/nock.ts';
import { makeGitHub, mint, origin, repoPath, repository } from './harness.ts';

const server = mockServer(origin);
const read = mint({ contents: 'read' });
const owners = `/repos/${repository.owner}/.github`;
const shas = { commit: 'a'.repeat(40), folder: 'b'.repeat(40), blob: 'c'.repeat(40) };
const branch = `${repoPath}/git/ref/heads%2Fmain`;
const mintOwners = {
  ...read,
  body: { repositories: ['.github'], permissions: { metadata: 'read', contents: 'read' } },
};

function minted(repositories: readonly object[] | undefined): object {
  return {
    token: 'ghs_4242_owners',
    expires_at: '2026-01-01T01:00:00Z',
    ...(repositories === undefined ? {} : { repositories }),
  };
}

type Entry = { readonly mode: string; readonly size?: number };

/** GitHub tells of the branch `main` and of what stands there, down to `entry`. */
function expectsTree(place: string, folders: readonly string[], entry: Entry | null): void {
  const { commit, folder, blob: sha } = shas;
  const get = (path: string, answer: object) =>
    server.expects({ method: 'GET', path: `${place}/git/${path}`, answer });
  get('ref/heads%2Fmain', { object: { sha: commit } });
  for (const path of folders) {
    get(`trees/${commit}`, { tree: [{ path, mode: '040000', sha: folder }] });
  }
  const last = folders.length === 0 ? commit : folder;
  const tree = entry === null ? [] : [{ path: 'sallyport.yml', sha, ...entry }];
  get(`trees/${last}`, { tree });
}

function expectsBlob(place: string) {
  const content = Buffer.from('version: 1\n').toString('base64');
  const path = `${place}/git/blobs/${shas.blob}`;
  return server.expects({ method: 'GET', path, answer: { encoding: 'base64', content } });
}

function onBranch() {
  return makeGitHub({ maxRetries: 0 }).files.onBranch(repository, 'main', '.github/sallyport.yml');
}

function ofOwner() {
  return makeGitHub({ maxRetries: 0 }).files.ofOwner(repository, 'sallyport.yml');
}

describe('a file on a branch', () => {
  it('is read by the full name of the branch, since a tag may have the same', async () => {
    server.expects(read);
    expectsTree(repoPath, ['.github'], { mode: '100644', size: 11 });
    expectsBlob(repoPath);
    const found = await onBranch();
    expect(found?.blobSha).toBe(shas.blob);
    expect(Buffer.from(found?.content ?? []).toString()).toBe('version: 1\n');
  });

  it.each([
    ['a folder', { mode: '040000' }],
    ['a submodule', { mode: '160000' }],
    ['a link, also to a file of the repository', { mode: '120000', size: 11 }],
    ['more than 1 MiB', { mode: '100644', size: 1024 * 1024 + 1 }],
  ])('that is %s has no content', async (_what, entry) => {
    server.expects(read);
    expectsTree(repoPath, ['.github'], entry);
    expect(await onBranch()).toEqual({ blobSha: shas.blob, content: null });
  });

  it('may not be there', async () => {
    server.expects(read);
    expectsTree(repoPath, ['.github'], null);
    expect(await onBranch()).toBeUndefined();
  });

  it.each([
    ['the branch', 404],
    ['any commit', 409],
  ])('is not there without %s', async (_what, status) => {
    server.expects(read);
    server.expects({ method: 'GET', path: branch, status, answer: {} });
    expect(await onBranch()).toBeUndefined();
  });

  it.each([
    [403, 'github.forbidden'],
    [500, 'github.unavailable'],
  ])('is no answer when GitHub says %s', async (status, code) => {
    server.expects(read);
    server.expects({ method: 'GET', path: branch, status, answer: {} });
    await expect(onBranch()).rejects.toMatchObject({ code });
  });
});

describe('a file of the owner’s', () => {
  it('is read with a token for the .github repository alone', async () => {
    server.expects({ ...mintOwners, answer: minted([{ id: 9, name: '.github' }]) });
    server.expects({ method: 'GET', path: owners, answer: { default_branch: 'main' } });
    expectsTree(owners, [], { mode: '100644', size: 11 });
    const sent = expectsBlob(owners);
    expect((await ofOwner())?.blobSha).toBe(shas.blob);
    expect(sent.authorization).toBe('token ghs_4242_owners');
  });

  it('may not be there', async () => {
    server.expects({ ...mintOwners, answer: minted(undefined) });
    server.expects({ method: 'GET', path: owners, answer: { default_branch: 'main' } });
    expectsTree(owners, [], null);
    expect(await ofOwner()).toBeUndefined();
  });

  const installation = '/app/installations/7';

  it('is not there, for certain, when an installation on all repositories does not have it', async () => {
    server.expects({ ...mintOwners, status: 422, answer: {} });
    const answer = { repository_selection: 'all' };
    server.expects({ method: 'GET', path: installation, answer });
    expect(await ofOwner()).toBeUndefined();
  });

  it('is out of reach when an installation on some repositories does not have it', async () => {
    server.expects({ ...mintOwners, status: 422, answer: {} });
    const answer = { repository_selection: 'selected' };
    server.expects({ method: 'GET', path: installation, answer });
    await expect(ofOwner()).rejects.toMatchObject({ code: 'github.not-found' });
  });

  it('is out of reach as well when it goes between the token and the question', async () => {
    server.expects({ ...mintOwners, answer: minted(undefined) });
    server.expects({ method: 'GET', path: owners, status: 404, answer: {} });
    const answer = { repository_selection: 'selected' };
    server.expects({ method: 'GET', path: installation, answer });
    await expect(ofOwner()).rejects.toMatchObject({ code: 'github.not-found' });
  });

  it('is out of reach, and not deleted, when it goes while it is read', async () => {
    server.expects({ ...mintOwners, answer: minted(undefined) });
    server.expects({ method: 'GET', path: owners, answer: { default_branch: 'main' } });
    const ref = `${owners}/git/ref/heads%2Fmain`;
    server.expects({ method: 'GET', path: ref, status: 404, answer: {} });
    const answer = { repository_selection: 'selected' };
    server.expects({ method: 'GET', path: installation, answer });
    await expect(ofOwner()).rejects.toMatchObject({ code: 'github.not-found' });
  });

  it('is not there in a repository without any commit', async () => {
    server.expects({ ...mintOwners, answer: minted(undefined) });
    server.expects({ method: 'GET', path: owners, answer: { default_branch: 'main' } });
    const ref = `${owners}/git/ref/heads%2Fmain`;
    server.expects({ method: 'GET', path: ref, status: 409, answer: {} });
    expect(await ofOwner()).toBeUndefined();
  });

  it.each([
    [503, 'github.unavailable'],
    [401, 'github.forbidden'],
  ])('is no answer when GitHub says %s of the installation', async (status, code) => {
    server.expects({ ...mintOwners, status: 422, answer: {} });
    server.expects({ method: 'GET', path: installation, status, answer: {} });
    await expect(ofOwner()).rejects.toMatchObject({ code });
  });

  it.each([
    ['GitHub says so', { status: 403, answer: {} }],
    ['the token is for another', { answer: minted([{ id: 9, name: 'other' }]) }],
    ['the token is for one without a name', { answer: minted([{ id: 9 }]) }],
    [
      'the token is for more',
      {
        answer: minted([
          { id: 9, name: '.github' },
          { id: 1, name: 'x' },
        ]),
      },
    ],
  ])('is forbidden when %s', async (_what, answered) => {
    server.expects({ ...mintOwners, ...answered });
    await expect(ofOwner()).rejects.toMatchObject({ code: 'github.forbidden' });
  });
});
