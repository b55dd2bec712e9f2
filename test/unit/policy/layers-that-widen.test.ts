import { describe, expect, it } from 'vitest';
import { faultsOf, folded, folding, operatorText, says } from './fixture.ts';

function repositoryFaults(repository: string, organisation?: string): readonly string[] {
  return faultsOf(
    folding(organisation === undefined ? { repository } : { organisation, repository }),
  );
}

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
    [
      'tasks: { docs: { within: fix, limits: { pids: 257 } } }',
      /257 is more than 256, the ceiling above \(operator: op\.yml:96:21\)/,
    ],
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
    ['outputs: { pullRequest: ready }', /ready is looser than draft/],
    [
      'tasks: { fix: { outputs: { pullRequest: ready } } }',
      /tasks\.fix\.outputs\.pullRequest: ready is looser than draft/,
    ],
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
      /agents: hermes is not in the list above, which has linters, claude-code, codex/,
    ],
    [`images: [sha256:${'3'.repeat(64)}]`, /images: sha256:3+ is not in the list above/],
    [
      'tasks: { fix: { agent: hermes } }',
      /tasks\.fix\.agent: hermes is not in agents, which has linters, claude-code, codex \(operator: op\.yml:8:9\)/,
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
    ['loop: { rounds: 9 }', /9 is more than 3/],
    ['review: { maxComments: 21 }', /21 is more than 20/],
    ['review: { maxFileComments: 6 }', /6 is more than 5/],
    ['review: { summaryComment: sticky }', /sticky is looser than none; it may be none/],
    [
      'review: { linkHosts: [a.example] }',
      /a\.example is not in the list above, which has nothing/,
    ],
    [
      'tasks: { fix: { review: { inline: findings } } }',
      /tasks\.fix\.review\.inline: findings is looser than suggestions/,
    ],
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
    [
      'agents: [linters]',
      'agents: [claude-code]',
      /claude-code is not in the list above, which has linters/,
    ],
    ['agents: []', 'agents: [claude-code]', /which has nothing/],
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

  it('counts an operator who names no agent as having none to give', () => {
    const operator = operatorText.replace('agents: [linters, claude-code, codex]\n', '');
    const found = faultsOf(folding({ operator }));
    expect(found).toContainEqual(
      says(/tasks\.fix\.agent: claude-code is not in agents, which has nothing$/),
    );
    expect(found).toContain('op.yml:1:1: agents: is not said by any layer');
    expect(found.filter((fault) => fault.includes('tasks.fix.agent'))).toHaveLength(1);
  });

  it('refuses an operator who takes protection away, with the one place there is', () => {
    const operator = operatorText.replace("  - '.*/**'\n", "  - '!.*/**'\n");
    expect(faultsOf(folding({ operator }))).toEqual([
      'op.yml:28:5: protectedPaths: !.*/** would take protection away; a layer may only add to what is protected',
    ]);
  });

  it('cuts a long list short', () => {
    const agents = Array.from({ length: 12 }, (_, index) => `a${index}`);
    const operator = operatorText.replace('codex]', `codex, ${agents.join(', ')}]`);
    expect(faultsOf(folding({ operator, repository: 'agents: [x]' }))).toContainEqual(
      says(/which has linters, claude-code, codex, a0, a1, a2, a3, a4, a5, a6, …/),
    );
  });

  it('has no floor where no layer above names a permission', () => {
    const operator = operatorText.replace('run: { permission: write }', 'run: { teams: [a/b] }');
    const repository = 'run: { permission: read }';
    expect(folded({ operator, repository }).policy.run).toHaveLength(2);
  });

  it('adds up what is quiet in each layer, and each thing once', () => {
    const night = "{ days: [mon], from: '22:00', to: '06:00', timeZone: UTC }";
    const noon = "{ days: [mon], from: '12:00', to: '13:00', timeZone: UTC }";
    const { policy } = folded({
      organisation: `quietHours: [${night}]`,
      repository: `quietHours: [${night}, ${noon}]`,
    });
    expect(policy.quietHours.map(({ from }) => from)).toEqual(['22:00', '12:00']);
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

  it('asks the operator for what a task lacks, where it begins', () => {
    const operator = `${operatorText}  docs:\n    limits: { pids: 64 }\n`;
    expect(faultsOf(folding({ operator }))).toEqual([
      'op.yml:99:21: tasks.docs.agent: is not said by any layer',
    ]);
  });

  it('counts an operator who names no image as having none to give', () => {
    const operator = operatorText.replace(/images:\n(?: {2}- sha.*\n)+/, '');
    const repository = `images: [sha256:${'1'.repeat(64)}]`;
    expect(faultsOf(folding({ operator, repository })).join('\n')).toMatch(/which has nothing/);
  });
});
