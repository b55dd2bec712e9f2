import { describe, expect, it } from 'vitest';
import { mockServer } from '../../support/nock.ts';
import { makeGitHub, mint, origin, repoPath, repository } from './harness.ts';

const server = mockServer(origin);
const permissionOf = (login: string) => `${repoPath}/collaborators/${login}/permission`;

describe('the standing of a person', () => {
  it.each([
    { permission: 'admin', role_name: 'admin', standing: 'admin' },
    { permission: 'write', role_name: 'maintain', standing: 'maintain' },
    { permission: 'write', role_name: 'write', standing: 'write' },
    { permission: 'read', role_name: 'triage', standing: 'triage' },
    { permission: 'read', role_name: 'read', standing: 'read' },
    { permission: 'none', role_name: 'none', standing: 'none' },
    // Custom roles, also with names that look like more than they are.
    { permission: 'read', role_name: 'security reviewer', standing: 'read' },
    { permission: 'write', role_name: 'release-crew', standing: 'write' },
    { permission: 'read', role_name: 'admin', standing: 'read' },
    { permission: 'read', role_name: 'maintain', standing: 'read' },
    { permission: 'none', role_name: 'write', standing: 'none' },
    { permission: 'write', role_name: undefined, standing: 'write' },
  ])(
    'is $standing for role $role_name that amounts to $permission',
    async ({ standing, ...answer }) => {
      server.expects(mint({}));
      server.expects({ method: 'GET', path: permissionOf('mona'), answer });
      await expect(makeGitHub().permissions.of(repository, 'mona')).resolves.toBe(standing);
    },
  );

  it('is none when GitHub does not know them there', async () => {
    server.expects(mint({}));
    server.expects({ method: 'GET', path: permissionOf('mona'), status: 404 });
    await expect(makeGitHub().permissions.of(repository, 'mona')).resolves.toBe('none');
  });

  it.each([
    [{ status: 403, answer: {} }, 'github.forbidden'],
    [{ status: 500, answer: {} }, 'github.unavailable'],
    [{ status: 200, answer: { permission: 'owner', role_name: 'admin' } }, 'github.unavailable'],
    [{ status: 200, answer: { role_name: 'admin' } }, 'github.unavailable'],
  ])('is never guessed from %j', async (answered, code) => {
    server.expects(mint({}));
    server.expects({ method: 'GET', path: permissionOf('mona'), ...answered });
    const asking = makeGitHub({ maxRetries: 0 }).permissions.of(repository, 'mona');
    await expect(asking).rejects.toMatchObject({ code });
  });

  it('is asked for each time', async () => {
    server.expects(mint({}));
    const { permissions } = makeGitHub();
    for (const permission of ['write', 'none']) {
      server.expects({ method: 'GET', path: permissionOf('mona'), answer: { permission } });
      await expect(permissions.of(repository, 'mona')).resolves.toBe(permission);
    }
  });

  it.each([
    ['renovate[bot]', 'renovate%5Bbot%5D'],
    ['../../orgs/acme', '..%2F..%2Forgs%2Facme'],
  ])('keeps the login %s in its place in the path', async (login, encoded) => {
    server.expects(mint({}));
    server.expects({ method: 'GET', path: permissionOf(encoded), status: 404 });
    await expect(makeGitHub().permissions.of(repository, login)).resolves.toBe('none');
  });
});

describe('a team', () => {
  const path = '/orgs/acme/teams/core/memberships/mona';
  const at = { ...repository, owner: 'Acme' };
  const ask = (team = 'acme/core') =>
    makeGitHub({ maxRetries: 0 }).permissions.isInTeam(at, team, 'mona');

  it.each([
    ['a member', { answer: { state: 'active' } }, true],
    ['somebody who is only invited', { answer: { state: 'pending' } }, false],
    ['somebody else', { status: 404 }, false],
    ['nobody that the App may know of', { status: 403, answer: {} }, null],
  ] as const)('has %s', async (_who, answered, isIn) => {
    server.expects(mint({ members: 'read' }));
    server.expects({ method: 'GET', path, ...answered });
    expect(await ask()).toBe(isIn);
  });

  it('is nobody’s while the installation does not grant members', async () => {
    server.expects({ ...mint({ members: 'read' }), status: 422, answer: {} });
    expect(await ask()).toBeNull();
  });

  it('is not asked about in another organisation', async () => {
    expect(await ask('evil/core')).toBeNull();
  });

  it('is never guessed while GitHub is away', async () => {
    server.expects(mint({ members: 'read' }));
    server.expects({ method: 'GET', path, status: 500, answer: {} });
    await expect(ask()).rejects.toMatchObject({ code: 'github.unavailable' });
  });
});
