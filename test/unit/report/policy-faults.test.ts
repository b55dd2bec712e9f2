import { describe, expect, it } from 'vitest';
import type { PolicyFault } from '../../../src/policy/fault.ts';
import { faultList, planFaults } from '../../../src/report/policy-faults.ts';

function fault(fields: Partial<PolicyFault> = {}): PolicyFault {
  return {
    code: 'schema',
    path: 'limits.pids',
    message: 'must be a number, not the text "@octocat #1"',
    at: { layer: 'repository', file: '.github/sallyport.yml', line: 4, column: 9 },
    ...fields,
  };
}

describe('a check for a policy that is wrong', () => {
  it('fails, with each fault of the repository’s own file on its line', () => {
    const owners = { layer: 'organisation', file: 'acme/.github:sallyport.yml' } as const;
    const view = planFaults(
      [fault(), fault({ at: { ...owners, line: 1, column: 1 } }), fault({ path: '' })],
      'main',
    );
    expect(view.state).toEqual({ status: 'completed', conclusion: 'failure' });
    expect(view.annotations).toMatchObject([
      { path: '.github/sallyport.yml', startLine: 4, endLine: 4, title: 'Policy: limits.pids' },
      { title: 'Policy' },
    ]);
    expect(view.output.summary).toMatch(/acme\/.*sallyport\\?\.yml:1:1: limits/);
  });

  it('mentions nobody and links to nothing, whatever the file or the branch says', () => {
    const { summary } = planFaults([fault()], 'x](https://evil.example) @octocat').output;
    expect(summary).not.toMatch(/@octocat|#1|\]\(http/);
  });

  it('stays within what GitHub takes, however many faults there are', () => {
    const many = Array.from({ length: 100 }, () => fault({ message: 'x'.repeat(600) }));
    expect(faultList(many)).toMatch(/and \d+ more/);
    const { output, annotations } = planFaults(many, 'b'.repeat(255));
    expect(output.summary.length).toBeLessThan(65_535);
    expect(annotations).toHaveLength(50);
    expect(output.summary).toMatch(/50 more faults left without an annotation\.$/);
    expect(annotations.every(({ message }) => message.length <= 700)).toBe(true);
  });
});
