import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '../support/wait-for.ts';
import { repo, type System, startSystem } from './system.ts';

describe('the layers of a policy', () => {
  let system: System;
  let number: number;
  let installationId: number;

  beforeAll(async () => {
    system = await startSystem();
    const { standIn } = system;
    const files = { 'sallyport.yml': 'version: 1\nrun: { permission: maintain }\n' };
    await standIn.createRepository({ owner: 'acme', name: '.github', seed: { files } });
    ({ id: installationId } = await standIn.installApp('acme/.github'));
  });

  afterAll(async () => {
    expect(system.standIn.violations).toEqual([]);
    await system.stop();
  });

  function layer(text: string): Promise<unknown> {
    const files = { '.github/sallyport.yml': text };
    return system.standIn.pushBranch(repo, 'main', { files });
  }

  it('hold what the organisation holds, and the refusal says who may', async () => {
    const opened = await system.openSample();
    number = opened.number;
    const held = await system.concluded(opened.headSha);
    expect(held.conclusion).toBe('action_required');
    expect(held.output.summary).toContain('`maintain` permission or more');
    await system.standIn.comment(repo, number, 'contributor', '/sallyport fix');
    const reply = await waitFor('the refusal', () =>
      system.standIn.issueComments(repo, number).find((one) => one.author.type === 'Bot'),
    );
    expect(reply.body).toContain('It takes `maintain` permission or more');
  });

  it('run nothing while the repository’s loosens: its check names the line', async () => {
    await layer('version: 1\nlimits: { pids: 4096 }\n');
    const files = { 'src/more.js': 'export const more = 1;\n' };
    const { sha } = await system.standIn.pushBranch(repo, 'feature', { files }, 'contributor');
    const check = await waitFor('the check', () =>
      system.checks(sha).find((run) => run.status === 'completed'),
    );
    expect(check).toMatchObject({ conclusion: 'failure' });
    expect(check.output.title).toBe('The policy is not valid');
    expect(check.annotations).toMatchObject([
      { path: '.github/sallyport.yml', start_line: 2, annotation_level: 'failure' },
    ]);
    await layer('version: 1\nlimits: { pids: 100 }\n');
    await system.standIn.rerequestCheckRun(check.id, 'maintainer');
    const held = await waitFor('the check of the task', () =>
      system.checks(sha).find((run) => run.conclusion === 'action_required'),
    );
    expect(held.output.title).toBe('Run waits for approval');
  });

  it('count as they stand on the base branch, and not as the pull request has them', async () => {
    const files = { '.github/sallyport.yml': 'version: 1\nlimits: { pids: many }\n' };
    const { sha } = await system.standIn.pushBranch(repo, 'feature', { files }, 'contributor');
    const held = await waitFor('the check', () =>
      system.checks(sha).find((run) => run.status === 'completed'),
    );
    expect(held.output.title).toBe('Run waits for approval');
  });

  it('run nothing once the organisation’s goes out of reach, and the check says how to mend it', async () => {
    const { standIn } = system;
    await standIn.selectRepository('acme/.github', false, installationId);
    const files = { 'src/last.js': 'export const last = 1;\n' };
    const { sha } = await standIn.pushBranch(repo, 'feature', { files }, 'contributor');
    const check = await waitFor('the check', () =>
      system.checks(sha).find((run) => run.status === 'completed'),
    );
    expect(check).toMatchObject({ conclusion: 'failure' });
    expect(check.output.title).toBe('The policy is not valid');
    expect(check.output.summary).toContain('give the App access to acme/.github');
    await standIn.selectRepository('acme/.github', true, installationId);
    await standIn.rerequestCheckRun(check.id, 'maintainer');
    const held = await waitFor('the check of the task', () =>
      system.checks(sha).find((run) => run.conclusion === 'action_required'),
    );
    expect(held.output.title).toBe('Run waits for approval');
  });
});
