import { describe, expect, it } from 'vitest';
import { fromCheckSuite } from '../../../src/webhooks/check-suite.ts';
import type { Conversion } from '../../../src/webhooks/delivery.ts';
import {
  fromInstallation,
  fromInstallationRepositories,
} from '../../../src/webhooks/installation.ts';
import { fromMergeGroup } from '../../../src/webhooks/merge-group.ts';
import { fromRepository } from '../../../src/webhooks/repository.ts';
import { appId, common, deliver, envelope, headSha } from './payloads.ts';

const { sender: _sender, ...fromNobody } = common;
const { repository: _repository, ...received } = fromNobody;
const { sender: _person, ...byGitHub } = envelope;

function trigger(conversion: Conversion): unknown {
  return conversion.kind === 'trigger' ? conversion.trigger : conversion;
}

describe('merge_group', () => {
  const base = 'f'.repeat(40);
  const group = (head_ref: string, action = 'checks_requested') =>
    fromMergeGroup(deliver({ ...byGitHub, action, merge_group: { head_sha: headSha, head_ref } }));

  it.each([
    [`refs/heads/gh-readonly-queue/main/pr-104-${base}`, 104],
    [`refs/heads/gh-readonly-queue/release/1.x/pr-7-${base}`, 7],
    [`refs/heads/gh-readonly-queue/a/pr-3-${base}/pr-7-${base}`, 7],
    [`refs/heads/gh-readonly-queue/main/pr-0-${base}`, null],
    [`refs/heads/gh-readonly-queue/main/pr-1-${base}x`, null],
    [`refs/heads/gh-readonly-queue/pr-1-${base}`, null],
    [`refs/heads/feature/gh-readonly-queue/main/pr-1-${base}`, null],
    ['refs/heads/main', null],
  ])('asks for a check on its own commit: %s', (ref, pullRequest) => {
    const type = 'merge-group';
    expect(trigger(group(ref))).toEqual({ ...fromNobody, type, headSha, pullRequest });
  });

  it.each(['destroyed', 'created', ''])('%s leaves nothing to do', (action) => {
    expect(group('refs/heads/x', action)).toEqual({ kind: 'ignored', because: 'action' });
  });

  it('is refused without a commit', () => {
    const payload = { ...byGitHub, action: 'checks_requested', merge_group: { head_sha: 'main' } };
    expect(fromMergeGroup(deliver(payload)).kind).toBe('refused');
  });
});

describe('check_suite', () => {
  const suite = (change: object = {}, action = 'rerequested') =>
    fromCheckSuite(
      deliver({
        ...envelope,
        action,
        check_suite: { head_sha: headSha, app: { id: appId }, pull_requests: [], ...change },
      }),
      appId,
    );

  it('rerequested names its commit, and the pull requests if GitHub does', () => {
    const fields = { ...common, type: 'suite-rerequested', headSha };
    expect(trigger(suite())).toEqual({ ...fields, pullRequests: [] });
    const pull_requests = [{ number: 3 }, { number: 4 }];
    expect(trigger(suite({ pull_requests }))).toEqual({ ...fields, pullRequests: [3, 4] });
  });

  it('names no more pull requests than are looked at', () => {
    const pull_requests = Array.from({ length: 150 }, (_, index) => ({ number: index + 1 }));
    const named = trigger(suite({ pull_requests })) as { pullRequests: number[] };
    expect(named.pullRequests).toHaveLength(100);
  });

  it('of another App is ignored', () => {
    expect(suite({ app: { id: 1 } })).toEqual({ kind: 'ignored', because: 'other-app' });
  });

  it('requested names the pull requests of a push, and asks for nothing without one', () => {
    const pull_requests = [{ number: 3 }];
    const fields = { ...common, type: 'suite-requested', headSha, pullRequests: [3] };
    expect(trigger(suite({ pull_requests }, 'requested'))).toEqual(fields);
    const ofFork = suite({}, 'requested');
    expect(ofFork).toEqual({ kind: 'ignored', because: 'no-pull-request' });
  });

  it('completed is ignored', () => {
    expect(suite({}, 'completed')).toEqual({ kind: 'ignored', because: 'action' });
  });

  it.each([{ head_sha: 'abc' }, { app: null }, { pull_requests: [{ number: 'x' }] }])(
    'is refused with %j',
    (change) => {
      expect(suite(change).kind).toBe('refused');
    },
  );
});

describe('repository', () => {
  it.each(['renamed', 'transferred'])('%s says where it is now', (action) => {
    const converted = fromRepository(deliver({ ...envelope, action }));
    expect(trigger(converted)).toEqual({ ...fromNobody, type: 'repository-moved' });
  });

  it('deleted is the end of what is done there', () => {
    expect(trigger(fromRepository(deliver({ ...envelope, action: 'deleted' })))).toEqual({
      ...received,
      type: 'access-lost',
      reason: 'repository:deleted',
      installationId: 7,
      repositoryIds: [1001],
    });
  });

  it.each(['archived', 'publicized', 'toString'])('%s is ignored', (action) => {
    const converted = fromRepository(deliver({ ...envelope, action }));
    expect(converted).toEqual({ kind: 'ignored', because: 'action' });
  });

  it('is refused without an installation', () => {
    const payload = { ...envelope, action: 'renamed', installation: undefined };
    expect(fromRepository(deliver(payload)).kind).toBe('refused');
  });
});

describe('installation', () => {
  const installation = { id: 7, account: { login: 'acme' } };
  const repositories = [{ id: 1001, full_name: 'acme/widget' }];
  const of = (action: string) =>
    fromInstallation(deliver({ action, installation, repositories, sender: envelope.sender }));

  it.each([
    ['suspend', 'installation:suspended'],
    ['deleted', 'installation:deleted'],
  ])('%s is the end of what is done there', (action, reason) => {
    const fields = { ...received, installationId: 7 };
    expect(trigger(of(action))).toEqual({
      ...fields,
      type: 'access-lost',
      reason,
      repositoryIds: null,
    });
  });

  it.each(['unsuspend', 'new_permissions_accepted'])('%s lets the App in again', (action) => {
    const fields = { ...received, installationId: 7 };
    expect(trigger(of(action))).toEqual({
      ...fields,
      type: 'access-returned',
      repositories: null,
    });
  });

  it('created names the repositories under the new installation', () => {
    expect(trigger(of('created'))).toEqual({
      ...received,
      installationId: 7,
      type: 'access-returned',
      repositories: [{ installationId: 7, repositoryId: 1001, owner: 'acme', name: 'widget' }],
    });
  });

  it('created without a list is about all', () => {
    const payload = { action: 'created', installation };
    expect(trigger(fromInstallation(deliver(payload)))).toMatchObject({ repositories: null });
  });

  it('is refused where a repository’s name leaves its place', () => {
    const odd = [{ id: 1, full_name: 'acme/..' }];
    const payload = { action: 'created', installation, repositories: odd };
    expect(fromInstallation(deliver(payload)).kind).toBe('refused');
  });

  it.each([null, {}, { action: 'suspend' }, { action: 'suspend', installation: { id: 'x' } }])(
    'is never a trigger: %j',
    (payload) => {
      expect(fromInstallation(deliver(payload)).kind).not.toBe('trigger');
    },
  );
});

describe('installation_repositories', () => {
  const of = (action: string) =>
    fromInstallationRepositories(
      deliver({
        action,
        installation: { id: 7 },
        repositories_added: [{ id: 1, full_name: 'acme/one' }],
        repositories_removed: [{ id: 2 }, { id: 3 }],
      }),
    );

  it('removed is the end of what is done in them', () => {
    const fields = { ...received, installationId: 7, type: 'access-lost' };
    const reason = 'repository:removed';
    expect(trigger(of('removed'))).toEqual({ ...fields, reason, repositoryIds: [2, 3] });
  });

  it('added lets the App in', () => {
    expect(trigger(of('added'))).toMatchObject({
      type: 'access-returned',
      repositories: [{ installationId: 7, repositoryId: 1, owner: 'acme', name: 'one' }],
    });
  });

  it.each(['renamed', ''])('%s is ignored', (action) => {
    expect(of(action)).toEqual({ kind: 'ignored', because: 'action' });
  });

  it('is refused without its lists', () => {
    const converted = fromInstallationRepositories(
      deliver({ action: 'added', installation: { id: 7 } }),
    );
    expect(converted.kind).toBe('refused');
  });
});
