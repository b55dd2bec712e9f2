import { describe, expect, it } from 'vitest';
import { CommitSha } from '../../../src/domain/ids.ts';
import { planGroup } from '../../../src/report/plan-group.ts';

const reviewedSha = CommitSha.parse('a'.repeat(40));

describe('the check of a merge group', () => {
  it('passes where the pull request has passed, and says that nothing was examined again', () => {
    const group = { pullRequest: 12, reviewedSha, conclusion: 'neutral', hasPassed: true };
    const { state, output } = planGroup(group);
    expect(state).toEqual({ status: 'completed', conclusion: 'success' });
    expect(output.title).toBe('Reviewed at #12');
    expect(output.summary).toContain(`commit \`${reviewedSha}\` says \`neutral\``);
    expect(output.summary).toContain('not examined again');
  });

  it.each([
    ['failed', { pullRequest: 12, reviewedSha, conclusion: 'failure' }, 'says `failure`'],
    ['is still open', { pullRequest: 12, reviewedSha, conclusion: null }, 'has no conclusion'],
    ['is gone', { pullRequest: 12, reviewedSha: null, conclusion: null }, '#12 has no conclusion'],
    ['is not named', { pullRequest: null, reviewedSha: null, conclusion: null }, 'pull request'],
  ])('fails where the pull request %s', (_how, known, words) => {
    const { state, output } = planGroup({ ...known, hasPassed: false });
    expect(state).toEqual({ status: 'completed', conclusion: 'failure' });
    expect(output.title).toMatch(
      /^The review of #12 has not passed$|^The pull request is not known$/,
    );
    expect(output.summary).toContain(words);
  });
});
