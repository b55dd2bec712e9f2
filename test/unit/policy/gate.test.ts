import { describe, expect, it } from 'vitest';
import type { CodeOwner } from '../../../src/policy/code-owners.ts';
import { egressOf } from '../../../src/policy/decide/egress-of.ts';
import {
  type GivenApproval,
  gateRequirements,
  judgeApprovals,
} from '../../../src/policy/decide/gate.ts';
import { InputPaths } from '../../../src/policy/decide/input-paths.ts';
import type { EffectiveTask } from '../../../src/policy/effective-policy.ts';
import { Effort } from '../../../src/policy/effort.ts';
import { explainPolicy } from '../../../src/policy/explain.ts';
import { slowList, slowPath } from '../../support/slow-globs.ts';
import { folded, person } from './fixture.ts';

const nowMs = Date.parse('2026-03-04T12:00:00Z');
const hourMs = 3_600_000;
const file = { path: 'src/a.ts', bytes: 10 };

function task(repository = '', name = 'fix'): EffectiveTask {
  return folded({ repository }).policy.tasks[name] as EffectiveTask;
}

function given(id: number, more: Partial<GivenApproval> = {}): GivenApproval {
  const who = person({ id, login: `user${id}`, permission: 'write' });
  return { person: who, isRequester: false, atMs: nowMs - hourMs, ...more };
}

function judged(
  repository: string,
  approvals: readonly GivenApproval[],
  ownerGroups: readonly (readonly CodeOwner[])[] = [],
) {
  return judgeApprovals(task(repository), { files: [file], ownerGroups }, { approvals, nowMs });
}

describe('gateRequirements', () => {
  it.each([
    ['', [file], []],
    [
      '',
      [{ path: '.github/workflows/ci.yml', bytes: 1 }],
      ['".github/workflows/ci.yml" is protected by .*/**.'],
    ],
    ['protectedPaths: [src/**]', [file], ['"src/a.ts" is protected by src/**.']],
    ['patch: { paths: [docs/**, "*.md"] }', [file], ['"src/a.ts" is not among docs/**, *.md.']],
    [
      'patch: { paths: [src/**] }\ntasks: { fix: { patch: { paths: ["**/*.md"] } } }',
      [file],
      ['"src/a.ts" is not among **/*.md.'],
    ],
    ['patch: { maxFiles: 1 }', [file, { path: 'b', bytes: 0 }], ['The patch has 2 files, over 1.']],
    [
      'patch: { maxBytes: 15 }',
      [file, { path: 'b', bytes: 6 }],
      ['The patch has 16 bytes, over 15.'],
    ],
    ['patch: { maxFileBytes: 9 }', [file], ['"src/a.ts" has 10 bytes, over 9.']],
    [
      'patch: { maxFileBytes: 9 }',
      [{ path: 'b', bytes: Number.NaN }],
      ['The patch has NaN bytes, over 8388608.', '"b" has NaN bytes, over 9.'],
    ],
    ['outputs: { patch: none }', [file], ['The policy lets no patch of this task through.']],
  ])('%j refuses of %j: %j', (repository, files, refused) => {
    expect(gateRequirements(task(repository), { files, ownerGroups: [] }).refused).toEqual(refused);
  });

  it('asks for owners only where the policy does', () => {
    const patch = { files: [file], ownerGroups: [[{ kind: 'user', login: 'a' } as const]] };
    expect(gateRequirements(task(), patch)).toMatchObject({
      count: 1,
      ownerGroups: [],
      maxAgeMs: 168 * hourMs,
    });
    expect(
      gateRequirements(task('approvals: { codeOwners: true }'), patch).ownerGroups,
    ).toHaveLength(1);
  });
});

describe('a patch whose paths take too long to compare', () => {
  it('is refused, whatever the rest of it says', () => {
    const rules = task(`protectedPaths: ${slowList}`);
    const files = [{ path: slowPath, bytes: 1 }, file];
    expect(gateRequirements(rules, { files, ownerGroups: [] }).refused).toEqual([
      'Its paths take too long to compare with the globs of the policy.',
    ]);
  });
});

describe('judgeApprovals', () => {
  it.each([
    ['', [], false, '0 of 1 approvals that count.'],
    ['', [given(1)], true, 'Approved by 1 of 1.'],
    ['approvals: { count: 2 }', [given(1)], false, '1 of 2 approvals that count.'],
    ['approvals: { count: 2 }', [given(1), given(1)], false, '1 of 2 approvals that count.'],
    ['approvals: { count: 2 }', [given(1), given(2)], true, 'Approved by 2 of 2.'],
    ['', [given(1, { atMs: nowMs + 1 })], false, '0 of 1 approvals that count.'],
    ['', [given(1, { atMs: Number.NaN })], false, '0 of 1 approvals that count.'],
    ['approvals: { expiresAfterHours: 1 }', [given(1)], true, 'Approved by 1 of 1.'],
    [
      'approvals: { expiresAfterHours: 1 }',
      [given(1, { atMs: nowMs - hourMs - 1 })],
      false,
      '0 of 1 approvals that count.',
    ],
    [
      '',
      [given(1, { person: person({ permission: 'read' }) })],
      false,
      '0 of 1 approvals that count.',
    ],
    [
      'approvals: { requesterMayApprove: false }',
      [given(1, { isRequester: true })],
      false,
      '0 of 1 approvals that count.',
    ],
    ['protectedPaths: [src/**]', [given(1)], false, '"src/a.ts" is protected by src/**.'],
  ] as readonly (readonly [string, readonly GivenApproval[], boolean, string])[])(
    '%j with %j: %s',
    (repository, approvals, allowed, reason) => {
      expect(judged(repository, approvals)).toEqual({ allowed, reason });
    },
  );

  const groups: readonly (readonly CodeOwner[])[] = [
    [
      { kind: 'user', login: 'user1' },
      { kind: 'team', team: 'acme/dev' },
    ],
    [{ kind: 'email', address: 'a@example.com' }],
  ];

  it.each([
    [[given(1)], false, 'An approval is missing by `a@example.com`.'],
    [[given(1), given(2, { emails: ['A@example.com'] })], true, 'Approved by 2 of 1.'],
    [
      [given(3)],
      false,
      'An approval is missing by `@user1` or `@acme/dev`. An approval is missing by `a@example.com`.',
    ],
  ] as const)('asks each group of owners: %j', (approvals, allowed, reason) => {
    expect(judged('approvals: { codeOwners: true }', approvals, groups)).toEqual({
      allowed,
      reason,
    });
  });
});

describe('what a task reaches and sees', () => {
  it('is what every layer left it of the operator’s rules', () => {
    const { policy } = folded({ repository: 'egress: { limits: { requests: 5 } }' });
    const ids = (name: string) => {
      const { rules, modelRoutes, limits } = egressOf(policy, policy.tasks[name] as EffectiveTask);
      return [rules.map(({ id }) => id), modelRoutes.map(({ id }) => id), limits.requests];
    };
    expect(ids('review')).toEqual([[], [], 5]);
    expect(ids('fix')).toEqual([[], ['claude'], 5]);
  });

  it.each([
    ['', 'a/.env', true],
    ['inputs: { exclude: ["**/.env"] }', 'a/.env', false],
    ['inputs: { include: [src/**] }', 'src/a', true],
    ['inputs: { include: [src/**] }', 'b', false],
    [
      'inputs: { include: [src/**] }\ntasks: { fix: { inputs: { include: ["**/*.ts"] } } }',
      'src/a.js',
      false,
    ],
  ])('with %j, %s goes in: %s', (repository, path, goesIn) => {
    expect(new InputPaths(task(repository)).takes(path, new Effort(100))).toBe(goesIn);
  });

  it.each([`inputs: { include: ${slowList} }`, `inputs: { exclude: ${slowList} }`])(
    'is nothing of what takes too long to tell: %s',
    (repository) => {
      const inputs = new InputPaths(task(repository));
      expect(inputs.takes(`b${slowPath}`, new Effort(1_000))).toBe(false);
    },
  );
});

describe('explainPolicy', () => {
  it('names the source of each value, and none for a default', () => {
    const values = explainPolicy(folded({ repository: 'limits: { pids: 64 }' }));
    const of = (path: string) => values.find((value) => value.path === path);
    expect(of('limits.pids')).toMatchObject({
      value: 64,
      sources: [{ file: 'repo.yml', line: 2 }],
    });
    expect(of('tasks.fix.limits.pids')).toMatchObject({
      value: 64,
      sources: [{ file: 'repo.yml' }],
    });
    expect(of('tasks.fix.enabled')).toEqual({
      path: 'tasks.fix.enabled',
      value: true,
      sources: [],
    });
    expect(of('run')?.value).toEqual([{ permission: 'write' }]);
  });
});
