import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { Octokit } from '@octokit/rest';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { NAME, REPO, type Scene, Stage } from './stand-in-scene.ts';

let stage: Stage;
let scene: Scene;

beforeEach(async () => {
  stage = await Stage.start();
  scene = await stage.openPull();
});

afterEach(async () => {
  await stage.gitHub.close();
});

const HOUR_MS = 3_600_000;

async function mint(request: object = {}): Promise<{ token: string; octokit: Octokit }> {
  const wish = { installation_id: scene.installationId, ...request };
  const { data } = await stage.asApp().rest.apps.createInstallationAccessToken(wish);
  return { token: data.token, octokit: stage.withToken(data.token) };
}

describe('an installation token', () => {
  test('has the long form with the id of the App, never 40 characters', async () => {
    const { token } = await mint();
    expect(token).toMatch(/^ghs_4242_[\w-]+\.[\w-]+\.[\w-]+$/);
    expect(token.length).toBeGreaterThan(200);
  });

  test('dies after an hour of the injected clock', async () => {
    const { octokit } = await mint();
    stage.clock.nowMs += HOUR_MS - 1000;
    expect((await octokit.rest.repos.get(REPO)).status).toBe(200);
    stage.clock.nowMs += 1000;
    await expect(octokit.rest.repos.get(REPO)).rejects.toMatchObject({ status: 401 });
  });

  test('that is narrowed to one repository does not see another', async () => {
    const seed = { files: { a: '1\n' } };
    const other = await stage.gitHub.createRepository({ owner: 'acme', name: 'other', seed });
    await stage.gitHub.installApp('acme/other');
    const { octokit } = await mint({ repository_ids: [other.id] });
    expect((await octokit.rest.repos.get({ owner: 'acme', repo: 'other' })).status).toBe(200);
    await expect(octokit.rest.repos.get(REPO)).rejects.toMatchObject({ status: 404 });
    const { data } = await octokit.rest.apps.listReposAccessibleToInstallation();
    expect(data.repositories.map((repo) => repo.full_name)).toEqual(['acme/other']);
  });

  test('that is narrowed to reading checks can write neither checks nor comments', async () => {
    const { octokit } = await mint({ permissions: { checks: 'read' } });
    const check = octokit.rest.checks.create({ ...REPO, name: 'x', head_sha: scene.headSha });
    await expect(check).rejects.toMatchObject({ status: 403 });
    const comment = octokit.rest.issues.createComment({ ...REPO, issue_number: 1, body: 'x' });
    await expect(comment).rejects.toMatchObject({ status: 403 });
    expect((await octokit.rest.checks.listForRef({ ...REPO, ref: 'main' })).status).toBe(200);
  });

  test.each([
    ['a repository outside the installation', { repositories: ['elsewhere'] }],
    ['a permission that was not granted', { permissions: { workflows: 'write' } }],
    ['more than was granted', { permissions: { members: 'write' } }],
  ])('for %s is not made', async (_, request) => {
    await expect(mint(request)).rejects.toMatchObject({ status: 422 });
  });

  test('does not open what needs the App itself', async () => {
    const { octokit } = await mint();
    await expect(octokit.rest.apps.getAuthenticated()).rejects.toMatchObject({ status: 401 });
  });
});

function jwt(claims: object, header: object = { alg: 'RS256' }, key?: KeyObject): string {
  const text = `${encode(header)}.${encode(claims)}`;
  const signer = createSign('sha256').update(text);
  return `${text}.${signer.sign(key ?? stage.gitHub.appPrivateKey, 'base64url')}`;
}

async function statusOf(token: string): Promise<number> {
  const response = await fetch(`${stage.gitHub.apiUrl}/app`, {
    headers: { authorization: `Bearer ${token}` },
  });
  await response.arrayBuffer();
  return response.status;
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

describe('the App JWT', () => {
  const nowS = Math.floor(Date.now() / 1000);
  const good = { iss: '4242', iat: nowS - 30, exp: nowS + 300 };
  const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;

  test('is accepted when it is signed by the key of the App', async () => {
    expect(await statusOf(jwt(good))).toBe(200);
  });

  test.each([
    ['signed by another key', () => jwt(good, undefined, stranger)],
    ['of another App', () => jwt({ ...good, iss: '1' })],
    ['that has expired', () => jwt({ ...good, exp: nowS - 10 })],
    ['that lives too long', () => jwt({ ...good, exp: nowS + 3600 })],
    ['from the future', () => jwt({ ...good, iat: nowS + 600 })],
    ['without an expiry', () => jwt({ iss: '4242', iat: nowS })],
    ['that claims no algorithm', () => jwt(good, { alg: 'none' })],
    ['that is no JWT', () => 'nonsense'],
  ])('%s is refused', async (_, make) => {
    expect(await statusOf(make())).toBe(401);
  });
});

function askFor(username: string) {
  return scene.octokit.rest.repos.getCollaboratorPermissionLevel({ ...REPO, username });
}

describe('the permission of a person', () => {
  test.each([
    ['admin', 'admin', 'admin'],
    ['maintain', 'write', 'maintain'],
    ['write', 'write', 'write'],
    ['triage', 'read', 'triage'],
    ['read', 'read', 'read'],
  ] as const)('%s is reported as %s with its role', async (role, permission, roleName) => {
    stage.gitHub.setPermission(NAME, 'lee', role);
    const { data } = await askFor('lee');
    expect([data.permission, data.role_name]).toEqual([permission, roleName]);
    expect(stage.gitHub.violations).toEqual([]);
  });

  test('is a custom role when the organisation has one', async () => {
    stage.gitHub.setPermission(NAME, 'lee', 'release-captain', 'write');
    const { data } = await askFor('lee');
    expect([data.permission, data.role_name]).toEqual(['write', 'release-captain']);
  });

  test('is 404 on a private repository for someone without a role, and after the role is taken away', async () => {
    await expect(askFor('mona')).rejects.toMatchObject({ status: 404 });
    stage.gitHub.setPermission(NAME, 'mona', 'write');
    expect((await askFor('mona')).status).toBe(200);
    stage.gitHub.setPermission(NAME, 'mona', 'none');
    await expect(askFor('mona')).rejects.toMatchObject({ status: 404 });
  });

  test('is read for everybody on a public repository', async () => {
    await stage.gitHub.createRepository({
      owner: 'acme',
      name: 'open',
      seed: { files: { a: '1\n' } },
    });
    await stage.gitHub.installApp('acme/open');
    const wish = { owner: 'acme', repo: 'open', username: 'mona' };
    const { data } = await scene.octokit.rest.repos.getCollaboratorPermissionLevel(wish);
    expect([data.permission, data.role_name]).toEqual(['read', 'read']);
  });
});
