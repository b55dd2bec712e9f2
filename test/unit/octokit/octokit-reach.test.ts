import { expect, it } from 'vitest';
import { mockServer } from '../../support/nock.ts';
import { makeGitHub, origin } from './harness.ts';

const server = mockServer(origin);
const owner = { login: 'acme' };

function answers(repositories: readonly object[]): void {
  server.expects({
    method: 'POST',
    path: '/app/installations/7/access_tokens',
    body: { permissions: { metadata: 'read' } },
    status: 201,
    answer: { token: 'ghs_all' },
  });
  const path = '/installation/repositories?per_page=100&page=1';
  const answer = { total_count: repositories.length, repositories };
  server.expects({ method: 'GET', path, answer });
}

it('leaves out repositories that take nothing', async () => {
  answers([
    { id: 1, name: 'live', owner, archived: false, disabled: false },
    { id: 2, name: 'old', owner, archived: true, disabled: false },
    { id: 3, name: 'blocked', owner, archived: false, disabled: true },
    { id: 4, name: 'plain', owner },
  ]);
  const { repositories } = await makeGitHub().reach.repositories(7, 1);
  expect(repositories.map(({ name }) => name)).toEqual(['live', 'plain']);
});

it('asks for the next page also where the whole of this one is archived', async () => {
  const page = Array.from({ length: 100 }, (_, id) => ({
    id,
    name: `r${id}`,
    owner,
    archived: true,
  }));
  answers(page);
  const listed = await makeGitHub().reach.repositories(7, 1);
  expect(listed).toEqual({ repositories: [], hasMore: true });
});
