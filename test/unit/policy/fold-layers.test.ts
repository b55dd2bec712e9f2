import { describe, expect, it } from 'vitest';
import { EffectivePolicy } from '../../../src/policy/effective-policy.ts';
import { folded, operatorText } from './fixture.ts';

describe('layers that narrow', () => {
  it('come to the operator’s values when nothing else is said', () => {
    const { policy, digest } = folded({});
    expect(policy.tasks['fix']).toMatchObject({
      agent: 'claude-code',
      image: null,
      runtime: 'runc',
    });
    expect(folded({ organisation: '', repository: '' }).digest).toBe(digest);
  });

  it.each([
    ['limits: { pids: 100 }', (p) => [p.limits.pids, p.tasks['fix']?.limits.pids], [100, 100]],
    ['limits: { pids: 400 }', (p) => [p.limits.pids, p.tasks['fix']?.limits.pids], [400, 256]],
    [
      'tasks: { fix: { limits: { pids: 64 } } }',
      (p) => [p.limits.pids, p.tasks['fix']?.limits.pids],
      [512, 64],
    ],
    [
      'runtime: runc',
      (p) => [p.outputs.pullRequest, p.tasks['fix']?.outputs.pullRequest],
      ['draft', 'draft'],
    ],
    ['runtime: runsc', (p) => p.tasks['review']?.runtime, 'runsc'],
    ['approvals: { count: 2 }', (p) => p.tasks['fix']?.approvals.count, 2],
    ['approvals: { requesterMayApprove: false }', (p) => p.approvals.requesterMayApprove, false],
    ['approvals: { codeOwners: true }', (p) => p.approvals.codeOwners, true],
    [
      'agents: [claude-code]',
      (p) => [p.tasks['review']?.enabled, p.tasks['fix']?.enabled],
      [false, true],
    ],
    ['tasks: { fix: { enabled: false } }', (p) => p.tasks['fix']?.enabled, false],
    ['egress: { use: [] }', (p) => p.tasks['fix']?.egress.use, []],
    [
      'protectedPaths: [infra/**]',
      (p) => p.tasks['fix']?.protectedPaths.slice(-2),
      ['**/*.lock', 'infra/**'],
    ],
    [
      'budgets: { perPullRequest: { tasks: 5 } }',
      (p) => p.tasks['fix']?.budgets.perPullRequest,
      { tasks: 5 },
    ],
    [
      'conclusion: { failOn: info, skipped: success }',
      (p) => p.conclusion,
      { failOn: 'info', ownFailure: 'neutral', skipped: 'success' },
    ],
    [
      'inputs: { include: [src/**], exclude: ["**/*.pem"] }',
      (p) => p.tasks['fix']?.inputs,
      { include: [['src/**']], exclude: ['**/*.pem'] },
    ],
    [
      'run: { teams: [acme/security] }',
      (p) => p.run,
      [{ permission: 'write' }, { teams: ['acme/security'] }],
    ],
    [
      'tasks: { docs: { within: fix, triggers: { events: [opened] } } }',
      (p) => [p.tasks['docs']?.limits.pids, p.tasks['docs']?.agent],
      [256, 'claude-code'],
    ],
    [
      'tasks: { review: { triggers: { drafts: true } } }',
      (p) => p.tasks['review']?.triggers.drafts,
      true,
    ],
    ['tasks: { review: { agent: codex } }', (p) => p.tasks['review']?.agent, 'codex'],
  ] as readonly (readonly [
    string,
    (p: ReturnType<typeof folded>['policy']) => unknown,
    unknown,
  ])[])('a repository may say %s', (repository, look, value) => {
    expect(look(folded({ repository }).policy)).toEqual(value);
  });

  it('may make drafts of what the operator has ready, for all tasks or one', () => {
    const operator = operatorText.replace('outputs: {', 'outputs: { pullRequest: ready,');
    const formOf = (repository: string) =>
      folded({ operator, repository }).policy.tasks['fix']?.outputs.pullRequest;
    expect(formOf('')).toBe('ready');
    expect(formOf('outputs: { pullRequest: draft }')).toBe('draft');
    expect(formOf('tasks: { fix: { outputs: { pullRequest: draft } } }')).toBe('draft');
  });

  it('are bound by what an operator means who says nothing of comments', () => {
    const { policy } = folded({ repository: 'review: { maxFileComments: 2 }' });
    const rest = { summaryComment: 'none', linkHosts: [], inline: 'suggestions' };
    const opinions = { refuted: 'drop', unsure: 'downgrade' };
    expect(policy.review).toEqual({ maxComments: 20, maxFileComments: 2, ...rest, ...opinions });
    expect(policy.tasks['fix']?.review).toEqual(policy.review);
  });

  it('read again what was kept before a key was there', () => {
    const { policy } = folded({});
    const kept = { ...policy, review: { maxComments: 20 } };
    expect(EffectivePolicy.parse(kept)).toEqual(policy);
  });

  it('hold a person to the who of every layer', () => {
    const { policy } = folded({
      organisation: 'run: { permission: write, teams: [acme/dev] }',
      repository: 'tasks: { fix: { run: { author: true } } }',
    });
    expect(policy.tasks['fix']?.run).toEqual([
      { permission: 'write' },
      { permission: 'write', teams: ['acme/dev'] },
      { author: true },
    ]);
  });

  it('name the source of each value', () => {
    const { sources } = folded({ organisation: 'limits: { pids: 300 }\nprotectedPaths: [a/**]' });
    expect(sources.get('limits.pids')?.map(({ file, line }) => [file, line])).toEqual([
      ['org.yml', 2],
    ]);
    expect(sources.get('tasks.fix.limits.pids')?.map(({ file }) => file)).toEqual(['op.yml']);
    expect(sources.get('protectedPaths')?.map(({ file }) => file)).toEqual(['op.yml', 'org.yml']);
  });

  it('have one digest for one meaning, and another for another', () => {
    const plain = folded({ repository: 'limits: { pids: 300, openFiles: 99 }' }).digest;
    expect(folded({ repository: '# x\nlimits:\n  openFiles: 99\n  pids: 300' }).digest).toBe(plain);
    expect(folded({ repository: 'limits: { pids: 301, openFiles: 99 }' }).digest).not.toBe(plain);
  });

  it('switch off a task whose image is taken off the list', () => {
    const image = `sha256:${'1'.repeat(64)}`;
    const organisation = `tasks: { fix: { image: "${image}" } }`;
    expect(folded({ organisation }).policy.tasks['fix']).toMatchObject({ image, enabled: true });
    const { policy, sources } = folded({ organisation, repository: 'images: []' });
    expect(policy.tasks['fix']?.enabled).toBe(false);
    expect(sources.get('tasks.fix.enabled')?.at(-1)?.file).toBe('repo.yml');
  });
});
