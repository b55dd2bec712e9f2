import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { examples } from '../../../scripts/policy/reference-text.ts';
import { admitByBudget } from '../../../src/policy/decide/budgets.ts';
import { gateRequirements, judgeApprovals } from '../../../src/policy/decide/gate.ts';
import { InputPaths } from '../../../src/policy/decide/input-paths.ts';
import { mayApprove, mayRun, mustWait } from '../../../src/policy/decide/people.ts';
import {
  commandStart,
  type PullRequestFacts,
  triggersOf,
} from '../../../src/policy/decide/triggers.ts';
import type { EffectivePolicy, EffectiveTask } from '../../../src/policy/effective-policy.ts';
import { Effort } from '../../../src/policy/effort.ts';
import { folded, operatorOfExample, person } from './fixture.ts';

function example(name: string): EffectivePolicy {
  const text = readFileSync(`policies/examples/${name}.yml`, 'utf8').replace('version: 1', '');
  const operator = readFileSync(operatorOfExample(name), 'utf8');
  const layer = name === 'regulated-organisation' ? 'organisation' : 'repository';
  return folded({ operator, [layer]: text }).policy;
}

function task(policy: EffectivePolicy, name: string): EffectiveTask {
  return policy.tasks[name] as EffectiveTask;
}

// A Wednesday, at noon in Berlin.
const opened: PullRequestFacts = {
  event: 'opened',
  baseBranch: 'main',
  paths: ['src/a.ts'],
  labels: [],
  isDraft: false,
  atMs: Date.parse('2026-03-04T11:00:00Z'),
};

function starting(
  policy: EffectivePolicy,
  more: Partial<PullRequestFacts> = {},
): readonly string[] {
  const starts = triggersOf(policy, { ...opened, ...more });
  return starts.flatMap(({ task: name, outcome }) =>
    outcome === 'stays' ? [] : `${name} ${outcome}`,
  );
}

function isInput(rules: EffectiveTask, path: string): boolean {
  return new InputPaths(rules).takes(path, new Effort(10_000));
}

function refused(policy: EffectivePolicy, name: string, path: string): boolean {
  const files = [{ path, bytes: 1 }];
  return gateRequirements(task(policy, name), { files, ownerGroups: [] }).refused.length > 0;
}

const writer = person({ permission: 'write' });
const maintainer = person({ id: 2, permission: 'maintain' });
const stranger = person({ permission: 'read' });

it('are all in the reference', () => {
  expect(readdirSync('policies/examples').toSorted()).toEqual(
    examples.map(([name]) => `${name}.yml`).toSorted(),
  );
});

describe('strict open source', () => {
  const policy = example('strict-open-source');
  const fix = task(policy, 'fix');

  it('reviews what is opened for its branches, and lets forks wait', () => {
    expect(starting(policy)).toEqual(['review starts']);
    expect(starting(policy, { baseBranch: 'topic' })).toEqual([]);
    expect(starting(policy, { paths: ['README.md', 'docs/a.md'] })).toEqual([]);
    const review = task(policy, 'review');
    expect(mustWait(review, { isFork: true, author: stranger, pusher: stranger }).outcome).toBe(
      'wait',
    );
    expect(mayRun(review, writer).allowed).toBe(true);
    expect(mayRun(review, stranger).allowed).toBe(false);
    expect(review.runtime).toBe('runsc');
  });

  it('asks two maintainers for a fix, and not who asked for it', () => {
    expect(mayApprove(fix, writer, { isRequester: false }).allowed).toBe(false);
    expect(mayApprove(fix, maintainer, { isRequester: true }).allowed).toBe(false);
    const patch = { files: [{ path: 'src/a.ts', bytes: 1 }], ownerGroups: [] };
    const given = (id: number) => ({
      person: { ...maintainer, id },
      isRequester: false,
      atMs: opened.atMs,
    });
    const nowMs = opened.atMs;
    expect(judgeApprovals(fix, patch, { approvals: [given(1)], nowMs }).allowed).toBe(false);
    expect(judgeApprovals(fix, patch, { approvals: [given(1), given(2)], nowMs }).allowed).toBe(
      true,
    );
  });

  it('keeps fixes out of the build', () => {
    expect(refused(policy, 'fix', 'packages/a/package.json')).toBe(true);
    expect(refused(policy, 'fix', '.github/workflows/ci.yml')).toBe(true);
    expect(refused(policy, 'fix', 'src/a.ts')).toBe(false);
  });
});

describe('internal monorepo', () => {
  const policy = example('internal-monorepo');

  it('reviews drafts by day and waits at night', () => {
    expect(starting(policy, { isDraft: true })).toEqual(['review starts']);
    expect(starting(policy, { labels: ['no-review'] })).toEqual([]);
    expect(starting(policy, { atMs: Date.parse('2026-03-04T22:00:00Z') })).toEqual([
      'review waits',
    ]);
    expect(commandStart(policy, 'review').outcome).toBe('starts');
    expect(policy.commands.short).toBe(true);
  });

  it('writes tests by label, and nothing but tests', () => {
    expect(starting(policy, { event: 'labeled', labels: ['needs-tests'] })).toEqual([
      'tests starts',
    ]);
    expect(starting(policy, { event: 'labeled', labels: ['bug'] })).toEqual([]);
    expect(refused(policy, 'tests', 'src/a.test.ts')).toBe(false);
    expect(refused(policy, 'tests', 'src/a.ts')).toBe(true);
    expect(task(policy, 'tests').egress.use).toEqual(['claude']);
  });

  it('asks the owners', () => {
    const ownerGroups = [[{ kind: 'user', login: 'owner' } as const]];
    const patch = { files: [{ path: 'src/a.ts', bytes: 1 }], ownerGroups };
    const given = (login: string) => ({
      person: { ...writer, login },
      isRequester: false,
      atMs: 0,
    });
    const judge = (login: string) =>
      judgeApprovals(task(policy, 'fix'), patch, { approvals: [given(login)], nowMs: 0 }).allowed;
    expect([judge('other'), judge('owner')]).toEqual([false, true]);
  });
});

describe('docs bot', () => {
  const policy = example('docs-bot');
  const docs = task(policy, 'docs');

  it('does nothing but documentation, when sources change', () => {
    expect(starting(policy)).toEqual(['docs starts']);
    expect(starting(policy, { paths: ['docs/a.md'] })).toEqual([]);
    expect(starting(policy, { labels: ['no-docs'] })).toEqual([]);
    expect(commandStart(policy, 'fix').outcome).toBe('stays');
    expect(docs.outputs).toEqual({
      comments: 'none',
      suggestions: 'none',
      patch: 'approval',
      pullRequest: 'draft',
      labels: ['bug', 'documentation', 'enhancement', 'question'],
      answer: 'automatic',
    });
  });

  it('sees and changes what it is for', () => {
    expect(['src/a.ts', 'README.md', 'infra/key.tf'].map((path) => isInput(docs, path))).toEqual([
      true,
      true,
      false,
    ]);
    expect(['docs/a/b.md', 'src/a.ts'].map((path) => refused(policy, 'docs', path))).toEqual([
      false,
      true,
    ]);
    expect(mayApprove(docs, { ...writer, owns: 'all' }, { isRequester: false }).allowed).toBe(true);
    expect(mayApprove(docs, writer, { isRequester: false }).allowed).toBe(false);
  });
});

describe('required check', () => {
  const policy = example('required-check');

  it('concludes whatever happens, and never writes', () => {
    expect(task(policy, 'review').conclusion).toEqual({
      failOn: 'warning',
      ownFailure: 'failure',
      skipped: 'success',
    });
    expect(starting(policy, { event: 'retargeted', isDraft: true })).toEqual(['review starts']);
    expect(starting(policy, { paths: ['README.md'] })).toEqual([]);
    expect(commandStart(policy, 'fix').outcome).toBe('stays');
    expect(refused(policy, 'review', 'src/a.ts')).toBe(true);
  });
});

describe('fork-heavy project', () => {
  const policy = example('fork-heavy-project');
  const review = task(policy, 'review');
  const none = { tasks: 0, minutes: 0, tokens: 0, costMicroUsd: 0, requests: 0 };

  it('lets forks wait for somebody who has write access', () => {
    expect(mustWait(review, { isFork: true, author: stranger, pusher: stranger }).outcome).toBe(
      'wait',
    );
    expect(mayRun(review, writer).allowed).toBe(true);
    // The operator's floor holds: a team alone does not get below it.
    expect(mayRun(review, person({ permission: 'triage', teams: ['acme/triage'] })).allowed).toBe(
      false,
    );
    expect(starting(policy, { labels: ['Spam'] })).toEqual([]);
  });

  it('has a small budget for each pull request', () => {
    const used = {
      perPullRequest: { ...none, tasks: 3 },
      perRepository: none,
      perOrganisation: none,
    };
    const admission = admitByBudget(policy, 'review', {
      used,
      usedByTask: used,
      nowMs: opened.atMs,
    });
    expect(admission).toMatchObject({ outcome: 'wait', budget: 'budgets.perPullRequest.tasks' });
  });
});

describe('regulated organisation', () => {
  const policy = example('regulated-organisation');
  const fix = task(policy, 'fix');

  it('refuses forks and freezes over the weekend', () => {
    expect(mustWait(fix, { isFork: true, author: maintainer, pusher: maintainer }).outcome).toBe(
      'refuse',
    );
    expect(starting(policy, { atMs: Date.parse('2026-03-06T20:59:00Z') })).toEqual([
      'review starts',
    ]);
    expect(starting(policy, { atMs: Date.parse('2026-03-06T21:00:00Z') })).toEqual([
      'review waits',
    ]);
    const [review] = triggersOf(policy, { ...opened, atMs: Date.parse('2026-03-07T12:00:00Z') });
    // The clocks go forward that Sunday, so Monday begins at 04:00Z and not at 05:00Z.
    expect(review?.untilMs).toBe(Date.parse('2026-03-09T04:00:00Z'));
  });

  it('has four eyes on everything', () => {
    const engineer = person({ permission: 'write', teams: ['acme/engineering'] });
    expect(mayRun(fix, engineer).allowed).toBe(true);
    expect(mayApprove(fix, engineer, { isRequester: false }).allowed).toBe(false);
    expect(mayApprove(fix, maintainer, { isRequester: true }).allowed).toBe(false);
    expect(fix).toMatchObject({
      runtime: 'runsc',
      approvals: { count: 2, codeOwners: true, expiresAfterHours: 24 },
    });
    expect(isInput(fix, 'a/secrets/key')).toBe(false);
    expect(refused(policy, 'fix', 'db/migrate.sql')).toBe(true);
  });

  it('cannot be loosened by a repository', () => {
    expect(policy.egress.use).toEqual(['claude']);
    expect(fix.image).toBe(policy.images[0]);
    expect(policy.agents).toEqual(['linters', 'claude-code']);
  });
});
