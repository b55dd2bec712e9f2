import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diffCommits } from '../support/github/diff.ts';
import { everything, inputRepository } from '../support/real-input.ts';
import { temporaryFolder } from '../support/repositories.ts';
import { waitFor } from '../support/wait-for.ts';
import { repo, type System, startSystem } from './system.ts';

/** Seconds on a machine that does nothing else; the two cores of a small one are shared. */
const slowMs = 120_000;

describe('the whole loop on all of it at once', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let system: System;
  let pull: Awaited<ReturnType<System['openSample']>>;

  beforeAll(async () => {
    folder = await temporaryFolder();
    const { path, commit } = await inputRepository(folder.path);
    const { base, head } = await commit(everything);
    system = await startSystem({
      base: { from: path, ref: base },
      head: { from: path, ref: head },
    });
    pull = await system.openSample();
  }, slowMs);

  afterAll(async () => {
    await system.stop();
    await folder[Symbol.asyncDispose]();
  });

  it(
    'concludes the check, names what was left out and why, and puts comments where GitHub takes them',
    async () => {
      const { number, headSha } = pull;
      const check = await system.concluded(headSha, 'sallyport', slowMs);
      expect(check.conclusion).toBe('failure');
      const summary = check.output.summary ?? '';
      for (const row of everything.omitted) {
        const [, path = '', reason = ''] = /^(.*) \((.*)\)$/.exec(row) ?? [];
        expect(summary).toContain(`- \`${path}\`: ${reason}\n`);
      }
      const failures = check.annotations.filter((note) => note.annotation_level === 'failure');
      expect(failures.map((note) => `${note.path}:${note.start_line}`).sort()).toEqual(
        everything.errors.toSorted(),
      );
      const comments = system.standIn.reviewComments(repo, number);
      expect(comments.map(({ anchor }) => `${anchor.path}:${anchor.line}`).sort()).toEqual(
        everything.mendable.map((path) => `${path}:2`).sort(),
      );
      expect(comments.every((one) => one.body.includes('```suggestion'))).toBe(true);
      expect(system.standIn.violations).toEqual([]);
      expect((await system.ledger(check)).verified).toBe(true);
    },
    slowMs,
  );

  it(
    'commits a fix to files of every name, once it is approved',
    async () => {
      const { number, headSha } = pull;
      await system.concluded(headSha, 'sallyport', slowMs);
      await system.standIn.comment(repo, number, 'maintainer', '/sallyport fix');
      const fix = await system.concluded(headSha, 'sallyport fix', slowMs);
      expect(fix.conclusion).toBe('action_required');
      await system.standIn.clickCheckAction(fix.id, 'apply', 'maintainer');
      const sha = await waitFor(
        'the commit',
        () => {
          const now = system.standIn.pullRequest(repo, number).pull.headSha;
          return now === headSha ? undefined : now;
        },
        slowMs,
      );
      const changed = await diffCommits(system.standIn.world.repository(repo).gitDir, headSha, sha);
      expect(changed.map((file) => file.path).sort()).toEqual(everything.mendable.toSorted());
      // What cannot be mended by itself is still there.
      expect((await system.concluded(sha, 'sallyport', slowMs)).conclusion).toBe('failure');
      expect(system.standIn.violations).toEqual([]);
    },
    slowMs,
  );
});
