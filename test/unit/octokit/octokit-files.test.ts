import { describe, expect, it } from 'vitest';
import { mockServer } from '../../support/nock.ts';
import { makeGitHub, mint, origin, repoPath, repository } from './harness.ts';

const server = mockServer(origin);
const read = mint({ contents: 'read' });
const own = `${repoPath}/contents/.github%2Fsallyport.yml?ref=refs%2Fheads%2Fmain`;
const owners = `/repos/${repository.owner}/.github/contents/sallyport.yml`;
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

function file(fields: object = {}): object {
  const content = Buffer.from('version: 1\n').toString('base64');
  return { type: 'file', sha: 'c'.repeat(40), encoding: 'base64', content, ...fields };
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
    server.expects({ method: 'GET', path: own, answer: file() });
    const found = await onBranch();
    expect(found?.blobSha).toBe('c'.repeat(40));
    expect(Buffer.from(found?.content ?? []).toString()).toBe('version: 1\n');
  });

  it.each([
    ['a folder', [{ type: 'file', sha: 'd' }]],
    ['a submodule', { type: 'submodule', sha: 'c'.repeat(40) }],
    ['a link out of the repository', { type: 'symlink', sha: 'c'.repeat(40), target: '/etc' }],
    ['more than 1 MB', file({ encoding: 'none', content: '' })],
  ])('that is %s has no content', async (_what, answer) => {
    server.expects(read);
    server.expects({ method: 'GET', path: own, answer });
    expect(await onBranch()).toMatchObject({ content: null });
  });

  it('may not be there', async () => {
    server.expects(read);
    server.expects({ method: 'GET', path: own, status: 404 });
    expect(await onBranch()).toBeUndefined();
  });

  it.each([
    [403, 'github.forbidden'],
    [500, 'github.unavailable'],
  ])('is no answer when GitHub says %s', async (status, code) => {
    server.expects(read);
    server.expects({ method: 'GET', path: own, status, answer: {} });
    await expect(onBranch()).rejects.toMatchObject({ code });
  });
});

describe('a file of the owner’s', () => {
  it('is read with a token for the .github repository alone', async () => {
    server.expects({ ...mintOwners, answer: minted([{ id: 9, name: '.github' }]) });
    const sent = server.expects({ method: 'GET', path: owners, answer: file() });
    expect((await ofOwner())?.blobSha).toBe('c'.repeat(40));
    expect(sent.authorization).toBe('token ghs_4242_owners');
  });

  it('may not be there', async () => {
    server.expects({ ...mintOwners, answer: minted(undefined) });
    server.expects({ method: 'GET', path: owners, status: 404 });
    expect(await ofOwner()).toBeUndefined();
  });

  it.each([
    ['the installation does not have it', { status: 422, answer: {} }],
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
