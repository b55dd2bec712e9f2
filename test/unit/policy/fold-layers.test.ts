import { describe, expect, it } from 'vitest';
import { faultsOf, folded, folding, operatorText, says } from './fixture.ts';

function repositoryFaults(repository: string, organisation?: string): readonly string[] {
  return faultsOf(
    folding(organisation === undefined ? { repository } : { organisation, repository }),
  );
}

describe('layers that narrow', () => {
  it('come to the operator’s values when nothing else is said', () => {
    const { policy, digest } = folded({});
    expect(policy.tasks['fix']).toMatchObject({ agent: 'claude', image: null, runtime: 'runc' });
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
    ['runtime: runsc', (p) => p.tasks['review']?.runtime, 'runsc'],
    ['approvals: { count: 2 }', (p) => p.tasks['fix']?.approvals.count, 2],
    ['approvals: { requesterMayApprove: false }', (p) => p.approvals.requesterMayApprove, false],
    ['approvals: { codeOwners: true }', (p) => p.approvals.codeOwners, true],
    [
      'agents: [claude]',
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
      'tasks: { docs: { agent: claude, triggers: { events: [opened] } } }',
      (p) => p.tasks['docs']?.limits.pids,
      512,
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

describe('layers that widen are refused with both places', () => {
  it.each([
    [
      'limits: { pids: 1024 }',
      'repo.yml:2:17: limits.pids: 1024 is more than 512, the ceiling above (operator: op.yml:52:9)',
    ],
    [
      'tasks: { fix: { limits: { pids: 300 } } }',
      /tasks\.fix\.limits\.pids: 300 is more than 256, the ceiling above \(operator: op\.yml:\d+:\d+\)/,
    ],
    ['tasks: { docs: { agent: claude, limits: { pids: 513 } } }', /513 is more than 512/],
    [
      'limits: { pids: 100 }\ntasks: { fix: { limits: { pids: 200 } } }',
      /200 is more than 100, the ceiling above \(repository: repo\.yml:2:17\)/,
    ],
    [
      'tasks: { fix: { limits: { pids: 200 } } }\nlimits: { pids: 100 }',
      /200 is more than 100, the ceiling above \(repository: repo\.yml:3:17\)/,
    ],
    ['approvals: { expiresAfterHours: 200 }', /200 is more than 168/],
    [
      'tasks: { review: { runtime: runc } }\nruntime: runsc',
      /runc is looser than runsc; it may be runsc/,
    ],
    ['forks: run', /forks: run is looser than wait; it may be wait, refuse/],
    ['conclusion: { failOn: never }', /never is looser than error; it may be error, warning, info/],
    ['tasks: { review: { outputs: { patch: approval } } }', /approval is looser than none/],
    [
      'run: { permission: triage }',
      /run: permission triage is below write, which the layer above asks for/,
    ],
    [
      'tasks: { fix: { approve: { permission: read } } }',
      /tasks\.fix\.approve: permission read is below write/,
    ],
    [
      'agents: [linters, hermes]',
      /agents: hermes is not in the list above, which has linters, claude, codex/,
    ],
    [`images: [sha256:${'3'.repeat(64)}]`, /images: sha256:3+ is not in the list above/],
    [
      'tasks: { fix: { agent: hermes } }',
      /tasks\.fix\.agent: hermes is not in agents, which has linters, claude, codex \(operator: op\.yml:8:9\)/,
    ],
    [
      `tasks: { fix: { image: 'sha256:${'3'.repeat(64)}' } }`,
      /tasks\.fix\.image: sha256:3+ is not in images/,
    ],
    [
      'egress: { use: [docs, npn] }',
      /repo\.yml:2:23: egress\.use: npn is none of the rules and routes above; did you mean npm\?/,
    ],
    [
      'egress: { use: [everything] }',
      /everything is none of the rules and routes above; which are npm, docs, claude/,
    ],
    [
      'tasks: { review: { egress: { use: [npm] } } }',
      /npm is not in the list above, which has nothing/,
    ],
    [
      'egress: { rules: [] }',
      /egress\.rules: only the operator may say this \(operator: op\.yml:\d+:\d+\)/,
    ],
    [
      'egress: { allowAddresses: [10.0.0.0/8] }',
      /egress\.allowAddresses: only the operator may say this/,
    ],
    ['egress: { limits: { requests: 9999 } }', /9999 is more than 2000/],
    ['check: { name: other }', /check\.name: only the operator may say this/],
    [
      "protectedPaths: ['!.*/**']",
      'repo.yml:2:18: protectedPaths: !.*/** would take protection away; a layer may only add to what is protected (operator: op.yml:28:3)',
    ],
    ["protectedPaths: ['!docs/**']", /!docs\/\*\* would take protection away/],
    ['budgets: { perOrganisation: { tasks: 3000 } }', /3000 is more than 2000/],
    [
      'tasks: { docs: { limits: { pids: 64 } } }',
      /repo\.yml:2:34: tasks\.docs\.agent: is not said by any layer/,
    ],
    ['loop: { rounds: 9 }', /9 is more than 3/],
    ['review: { maxComments: 21 }', /21 is more than 20/],
  ])('%s', (repository, message) => {
    const found = repositoryFaults(repository).join('\n');
    expect(found).toEqual(says(message));
  });

  it.each([
    [
      'limits: { pids: 200 }',
      'limits: { pids: 300 }',
      /300 is more than 200, the ceiling above \(organisation: org\.yml:2:17\)/,
    ],
    [
      'approvals: { count: 3 }',
      'approvals: { count: 2 }',
      /2 is less than 3, which the layer above asks for/,
    ],
    [
      'approvals: { requesterMayApprove: false }',
      'approvals: { requesterMayApprove: true }',
      /true is looser than false; it may be false/,
    ],
    [
      'approvals: { codeOwners: true }',
      'approvals: { codeOwners: false }',
      /false is looser than true/,
    ],
    [
      'tasks: { fix: { enabled: false } }',
      'tasks: { fix: { enabled: true } }',
      /true is looser than false/,
    ],
    ['agents: [linters]', 'agents: [claude]', /claude is not in the list above, which has linters/],
    ['agents: []', 'agents: [claude]', /which has nothing/],
    [
      'run: { permission: maintain }',
      'run: { permission: write, teams: [a/b] }',
      /write is below maintain/,
    ],
    [
      'protectedPaths: [infra/**]',
      "protectedPaths: ['!infra/**']",
      /would take protection away.*organisation: org\.yml|operator: op\.yml/,
    ],
    [
      'egress: { use: [npm] }',
      'egress: { use: [npm, docs] }',
      /docs is none of the rules and routes above; which are npm/,
    ],
    [
      'conclusion: { ownFailure: failure }',
      'conclusion: { ownFailure: neutral }',
      /neutral is looser than failure/,
    ],
    [
      'budgets: { perPullRequest: { tokens: 1 } }',
      'budgets: { perPullRequest: { tokens: 2 } }',
      /2 is more than 1/,
    ],
  ])('organisation %s, repository %s', (organisation, repository, message) => {
    expect(repositoryFaults(repository, organisation).join('\n')).toMatch(message);
  });

  it('tells every fault of every layer at once', () => {
    expect(
      repositoryFaults('forks: run', 'forks: run\nruntime: runc\nlimits: { pids: 9999 }'),
    ).toHaveLength(3);
  });

  it('asks the operator for all that is open', () => {
    const operator = operatorText.replace('runtime: runc\n', '').replace('  pids: 512\n', '');
    const found = faultsOf(folding({ operator }));
    expect(found).toContain('op.yml:1:1: runtime: is not said by any layer');
    expect(found.join('\n')).toContain('limits.pids: is not said by any layer');
    expect(faultsOf(folding({ operator: 'version: 1' })).length).toBeGreaterThan(10);
  });

  it('counts an operator who names no image as having none to give', () => {
    const operator = operatorText.replace(/images:\n(?: {2}- sha.*\n)+/, '');
    const repository = `images: [sha256:${'1'.repeat(64)}]`;
    expect(faultsOf(folding({ operator, repository })).join('\n')).toMatch(/which has nothing/);
  });
});
