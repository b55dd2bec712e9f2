import type { OctokitGitHubOptions } from '../../../src/adapters/octokit/octokit-github.ts';
import { OctokitGitHub } from '../../../src/adapters/octokit/octokit-github.ts';
import { CommitSha } from '../../../src/domain/ids.ts';
import type { RepositoryRef } from '../../../src/domain/repository.ts';
import { makeAppKey } from '../../support/app-key.ts';
import { FakeClock } from '../../support/fakes/fake-clock.ts';
import type { ExpectedRequest, MockedServer } from '../../support/nock.ts';

export const origin = 'https://api.github.example';
export const appId = 4242;
export const botUserId = 990_001;
export const headSha = CommitSha.parse('a'.repeat(40));
export const baseSha = CommitSha.parse('b'.repeat(40));
export const repository: RepositoryRef = {
  installationId: 7,
  repositoryId: 1001,
  owner: 'acme',
  name: 'widget',
};
export const repoPath = '/repos/acme/widget';

const privateKey = makeAppKey();
const silent = () => undefined;

/** The adapter against the mocked origin: unpaced, waits of a millisecond. */
export function makeGitHub(overrides: Partial<OctokitGitHubOptions> = {}): OctokitGitHub {
  return new OctokitGitHub({
    appId,
    privateKey,
    apiUrl: origin,
    clock: new FakeClock(),
    log: { info: silent, warn: silent, error: silent },
    paced: false,
    retryUnitMs: 1,
    ...overrides,
  });
}

/** The request that mints a token for the one repository with exactly these permissions. */
export function mint(
  permissions: Readonly<Record<string, string>>,
  token = 'ghs_4242_one',
): ExpectedRequest {
  return {
    method: 'POST',
    path: '/app/installations/7/access_tokens',
    body: { repository_ids: [1001], permissions: { metadata: 'read', ...permissions } },
    status: 201,
    answer: {
      token,
      expires_at: '2026-01-01T01:00:00Z',
      permissions,
      repositories: [{ id: 1001, name: 'widget' }],
    },
  };
}

/** The requests that tell the adapter who it is. */
export function expectIdentity(server: MockedServer): void {
  server.expects({ method: 'GET', path: '/app', answer: { id: appId, slug: 'sallyport-acme' } });
  server.expects(mint({}));
  server.expects({
    method: 'GET',
    path: '/users/sallyport-acme%5Bbot%5D',
    answer: { id: botUserId, login: 'sallyport-acme[bot]', type: 'Bot' },
  });
}

/** The `Link` header that names a next page. */
export function nextPage(path: string): Record<string, string> {
  return { link: `<${origin}${path}>; rel="next"` };
}
