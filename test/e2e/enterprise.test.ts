import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GHES_VERSIONS } from '../support/github/operations.ts';
import type { GitHubStandIn } from '../support/github/stand-in.ts';
import { makeAuthority, type PrivateAuthority, serveTls } from '../support/private-authority.ts';
import { temporaryFolder } from '../support/repositories.ts';
import { waitFor } from '../support/wait-for.ts';
import { repo, type System, startSystem } from './system.ts';

/** As an operator has it: TLS with a certificate of the company's own authority, and the App told of both. */
describe.each(GHES_VERSIONS)('GitHub Enterprise Server %s with an authority of its own', (ghes) => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let front: Awaited<ReturnType<typeof serveTls>>;
  let system: System;

  beforeEach(async () => {
    folder = await temporaryFolder();
    const authority = await makeAuthority(folder.path);
    system = await startSystem({ ghes, env: (standIn) => behindTls(standIn, authority) });
  });

  afterEach(async () => {
    expect(system.standIn.violations).toEqual([]);
    await system.stop();
    await front[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  async function behindTls(standIn: GitHubStandIn, authority: PrivateAuthority) {
    front = await serveTls(authority, Number(new URL(standIn.url).port));
    return {
      GITHUB_API_URL: `${front.url}/api/v3`,
      // Empty counts as not set: git's address follows from the API's.
      GITHUB_SERVER_URL: '',
      GITHUB_CA_FILE: authority.caFile,
    };
  }

  it('is reviewed, and takes a fix that was approved', async () => {
    const { number, headSha } = await system.openSample();
    const check = await system.concluded(headSha);
    expect(check.conclusion).toBe('failure');
    expect(system.standIn.reviewComments(repo, number).length).toBeGreaterThan(0);
    await system.standIn.comment(repo, number, 'maintainer', '/sallyport fix');
    const fix = await system.concluded(headSha, 'sallyport fix');
    await system.standIn.clickCheckAction(fix.id, 'apply', 'maintainer');
    const applied = await waitFor('the commit', () => {
      const now = system.standIn.pullRequest(repo, number).pull.headSha;
      return now === headSha ? undefined : now;
    });
    expect((await system.standIn.commit(repo, applied)).parents).toEqual([headSha]);
    const { requests } = system.standIn;
    expect(requests.filter(({ path }) => path.includes('git-upload-pack')).length).toBeGreaterThan(
      0,
    );
    expect(requests.filter(({ path }) => path === '/graphql').length).toBeGreaterThan(0);
  });
});
