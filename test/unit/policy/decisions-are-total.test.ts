import {
  array,
  assert,
  boolean,
  constant,
  constantFrom,
  double,
  integer,
  oneof,
  property,
  record,
  string,
} from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Permission } from '../../../src/domain/repository.ts';
import { admitByBudget } from '../../../src/policy/decide/budgets.ts';
import { gateRequirements, judgeApprovals } from '../../../src/policy/decide/gate.ts';
import { hasRoom, mayFollow } from '../../../src/policy/decide/pace.ts';
import { mayApprove, mayRun, mustWait } from '../../../src/policy/decide/people.ts';
import { commandStart, triggersOf } from '../../../src/policy/decide/triggers.ts';
import { PullRequestEvent } from '../../../src/policy/document/triggers.ts';
import type { EffectiveTask } from '../../../src/policy/effective-policy.ts';
import { folded } from './fixture.ts';

const { policy } = folded({
  organisation: `run: { permission: write, teams: [a/b] }
budgets: { perPullRequest: { tasks: 2, minutes: 5, tokens: 9, costMicroUsd: 1, requests: 3 } }
quietHours: [{ days: [sat], from: '22:00', to: '06:00', timeZone: Europe/Berlin }]`,
  repository: `approvals: { count: 2, codeOwners: true }
tasks: { review: { triggers: { paths: [src/**], labels: { any: [a], none: [b] } } } }`,
});

const people = record({
  id: integer(),
  login: string(),
  permission: constantFrom(null, ...Permission.options),
  teams: oneof(constant(null), array(string())),
  isAuthor: boolean(),
  owns: constantFrom('none' as const, 'some' as const, 'all' as const, null),
});
const amounts = record({
  tasks: double(),
  minutes: double(),
  tokens: double(),
  costMicroUsd: double(),
  requests: double(),
});
const scope = oneof(constant(null), amounts);
const used = record({ perPullRequest: scope, perRepository: scope, perOrganisation: scope });
const events = record({
  event: constantFrom(...PullRequestEvent.options),
  baseBranch: string(),
  paths: oneof(constant(null), array(string())),
  labels: array(string()),
  isDraft: boolean(),
  atMs: double(),
});
const patches = record({
  files: array(record({ path: string(), bytes: double() }), { maxLength: 5 }),
  ownerGroups: array(
    array(record({ kind: constant('user' as const), login: string() }), { minLength: 1 }),
    { maxLength: 2 },
  ),
});
const tasks = Object.values(policy.tasks);

function isReason(text: string): boolean {
  return text.endsWith('.');
}

describe('a decision', () => {
  it('about people is made for any facts, with a reason', () => {
    assert(
      property(people, boolean(), (person, flag) =>
        tasks.every((task) =>
          [
            mayRun(task, person),
            mayApprove(task, person, { isRequester: flag }),
            mustWait(task, { isFork: flag, author: person, pusher: person }),
          ].every(({ reason }) => isReason(reason)),
        ),
      ),
    );
  });

  it('about triggers is made for any event, once for each task', () => {
    assert(
      property(events, string(), (facts, name) => {
        const starts = triggersOf(policy, facts);
        return (
          starts.length === tasks.length &&
          [...starts, commandStart(policy, name)].every(({ reason }) => isReason(reason))
        );
      }),
    );
  });

  it('about budgets and pace is made for any numbers', () => {
    assert(
      property(used, used, double(), (all, own, nowMs) => {
        const admission = admitByBudget(policy, 'fix', { used: all, usedByTask: own, nowMs });
        return admission.outcome === 'go' || isReason(admission.reason);
      }),
    );
    assert(
      property(double(), double(), (a, b) =>
        [
          hasRoom(policy, { inRepository: a, inOrganisation: b }),
          mayFollow(policy, { round: a, depth: b }),
        ].every(({ reason }) => isReason(reason)),
      ),
    );
  });

  it('about a patch is made for any patch, and is no for one that is refused', () => {
    const task = policy.tasks['fix'] as EffectiveTask;
    assert(
      property(patches, people, double(), (patch, person, nowMs) => {
        const given = { person, isRequester: false, atMs: nowMs };
        const { allowed } = judgeApprovals(task, patch, { approvals: [given, given], nowMs });
        // Two approvals by one person are one.
        return !allowed && gateRequirements(task, patch).count === 2;
      }),
    );
    expect(gateRequirements(task, { files: [], ownerGroups: [] }).refused).toEqual([]);
  });
});
