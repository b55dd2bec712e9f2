import { describe, expect, it } from 'vitest';
import type { OctokitGitHub } from '../../../src/adapters/octokit/octokit-github.ts';
import { serverUrlOf } from '../../../src/adapters/octokit/server-url.ts';
import { FakeClock } from '../../support/fakes/fake-clock.ts';
import { mockServer } from '../../support/nock.ts';
import { makeGitHub, mint, origin, repoPath, repository } from './harness.ts';

const server = mockServer(origin);
const minute = 60_000;
const tokenOf = (gitHub: OctokitGitHub) => gitHub.sourceOf(repository).token?.();

describe('where a repository is fetched from', () => {
  it('is named by its id and comes with a token that reads its contents and nothing else', async () => {
    const source = makeGitHub().sourceOf(repository);
    expect(source).toMatchObject({ mirrorKey: 'r1001', url: `${origin}/acme/widget.git` });
    server.expects(mint({ contents: 'read' }, 'ghs_read'));
    await expect(source.token?.()).resolves.toBe('ghs_read');
  });

  it.each([
    ['https://api.github.com', 'https://github.com'],
    ['https://git.example.com/api/v3', 'https://git.example.com'],
    ['https://api.acme.ghe.com', 'https://acme.ghe.com'],
    ['http://127.0.0.1:4010', 'http://127.0.0.1:4010'],
    ['https://api.example.com', 'https://api.example.com'],
    ['https://api.github.com.example.net', 'https://api.github.com.example.net'],
  ])('is on the server of %s', (apiUrl, expected) => {
    expect(serverUrlOf(apiUrl)).toBe(expected);
  });

  it('takes no other server for git than that of the API: a token of ours goes there', () => {
    const gitHub = makeGitHub({ apiUrl: 'https://ghe.example.com/api/v3', serverUrl: null });
    expect(gitHub.sourceOf(repository).url).toMatch('https://ghe.example.com/');
  });

  it('can be told apart from the API', () => {
    const source = makeGitHub({ serverUrl: 'https://git.example.com/' }).sourceOf(repository);
    expect(source.url).toBe('https://git.example.com/acme/widget.git');
  });
});

describe('tokens', () => {
  it('are kept until five minutes before they expire', async () => {
    const clock = new FakeClock();
    const gitHub = makeGitHub({ clock });
    server.expects(mint({ contents: 'read' }, 'ghs_first'));
    await expect(tokenOf(gitHub)).resolves.toBe('ghs_first');
    await clock.advance(55 * minute - 1);
    await expect(tokenOf(gitHub)).resolves.toBe('ghs_first');
    await clock.advance(1);
    const second = mint({ contents: 'read' }, 'ghs_second');
    server.expects({
      ...second,
      answer: { token: 'ghs_second', expires_at: '2026-01-01T02:00:00Z' },
    });
    await expect(tokenOf(gitHub)).resolves.toBe('ghs_second');
  });

  it('are minted once for requests at the same time', async () => {
    const gitHub = makeGitHub();
    server.expects(mint({ contents: 'read' }, 'ghs_first'));
    const both = await Promise.all([tokenOf(gitHub), tokenOf(gitHub)]);
    expect(both).toEqual(['ghs_first', 'ghs_first']);
  });

  it('are never shared between repositories or installations', async () => {
    const gitHub = makeGitHub();
    server.expects(mint({ contents: 'read' }, 'ghs_first'));
    await expect(tokenOf(gitHub)).resolves.toBe('ghs_first');
    const rows = [
      { at: { ...repository, repositoryId: 1002 }, installation: 7, token: 'ghs_second' },
      { at: { ...repository, installationId: 8 }, installation: 8, token: 'ghs_third' },
    ];
    for (const { at, installation, token } of rows) {
      server.expects({
        method: 'POST',
        path: `/app/installations/${installation}/access_tokens`,
        body: {
          repository_ids: [at.repositoryId],
          permissions: { contents: 'read', metadata: 'read' },
        },
        answer: { token, expires_at: '2026-01-01T01:00:00Z' },
      });
      await expect(gitHub.sourceOf(at).token?.()).resolves.toBe(token);
    }
  });

  it('for more than the one repository are refused', async () => {
    const wide = mint({ contents: 'read' });
    const answer = {
      token: 'ghs_wide',
      expires_at: '2026-01-01T01:00:00Z',
      repositories: [{ id: 1001 }, { id: 1002 }],
    };
    server.expects({ ...wide, answer });
    await expect(tokenOf(makeGitHub())).rejects.toMatchObject({ code: 'github.forbidden' });
  });

  it.each([
    [{ status: 404 }, 'github.not-found'],
    [{ status: 401 }, 'github.forbidden'],
    // What GitHub says when the installation was never granted the permission.
    [{ status: 422 }, 'github.forbidden'],
    [{ status: 503 }, 'github.unavailable'],
    [{ status: 201, answer: { token: '' } }, 'github.unavailable'],
  ])('that GitHub answers with %j end with %s and are asked for again', async (answered, code) => {
    const gitHub = makeGitHub();
    server.expects({ ...mint({ contents: 'read' }), ...answered });
    await expect(tokenOf(gitHub)).rejects.toMatchObject({ code });
    server.expects(mint({ contents: 'read' }, 'ghs_second'));
    await expect(tokenOf(gitHub)).resolves.toBe('ghs_second');
  });

  it('are signed for by the App’s key', async () => {
    const sent = server.expects(mint({ contents: 'read' }));
    await tokenOf(makeGitHub());
    const [scheme, jwt = ''] = (sent.authorization ?? '').split(' ');
    expect(scheme).toBe('bearer');
    const claims = JSON.parse(
      Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString(),
    ) as unknown;
    expect(claims).toMatchObject({ iss: 4242 });
  });

  it('that GitHub no longer accepts are forgotten', async () => {
    const { permissions } = makeGitHub();
    const path = `${repoPath}/collaborators/mona/permission`;
    server.expects(mint({}, 'ghs_revoked'));
    server.expects({ method: 'GET', path, status: 401 });
    await expect(permissions.of(repository, 'mona')).rejects.toMatchObject({
      code: 'github.forbidden',
    });
    server.expects(mint({}, 'ghs_new'));
    const sent = server.expects({ method: 'GET', path, answer: { permission: 'read' } });
    await expect(permissions.of(repository, 'mona')).resolves.toBe('read');
    expect(sent.authorization).toBe('token ghs_new');
  });
});

describe('the App’s key', () => {
  it.each(['', 'not a key', '-----BEGIN RSA PRIVATE KEY-----'])(
    'is refused when it is %j',
    (key) => {
      expect(() => makeGitHub({ privateKey: key })).toThrow(
        expect.objectContaining({ code: 'config.invalid' }),
      );
    },
  );
});
