import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Permission } from '../../../src/domain/repository.ts';
import { mayApprove, mayRun, mustWait } from '../../../src/policy/admission.ts';
import { parsePolicy } from '../../../src/policy/parse-policy.ts';

const { policy } = parsePolicy(readFileSync('policies/default.yml', 'utf8'), 'default.yml');
const writers: readonly Permission[] = ['write', 'maintain', 'admin'];

describe('admission by the default policy', () => {
  it.each(Permission.options)('lets %s run exactly when that is write or more', (permission) => {
    expect(mayRun(policy, permission).allowed).toBe(writers.includes(permission));
  });

  it.each(Permission.options)(
    'lets %s approve exactly when that is write or more',
    (permission) => {
      const decision = mayApprove(policy, permission, { isRequester: false });
      expect(decision.allowed).toBe(writers.includes(permission));
    },
  );

  it('says who may when it refuses', () => {
    expect(JSON.stringify(mayRun(policy, 'read'))).toMatch(
      /`write` permission or more.*you have `read`/,
    );
    expect(JSON.stringify(mayRun(policy, 'none'))).toContain('you have no permission');
  });

  it('keeps a requester from approving when policy asks for somebody else', () => {
    const strict = {
      ...policy,
      permissions: { ...policy.permissions, requesterMayApprove: false },
    };
    expect(mayApprove(strict, 'admin', { isRequester: true }).allowed).toBe(false);
    expect(mayApprove(strict, 'admin', { isRequester: false }).allowed).toBe(true);
    expect(mayApprove(policy, 'admin', { isRequester: true }).allowed).toBe(true);
  });

  it.each([
    ['a fork by a writer', true, 'write', true],
    ['a branch by a writer', false, 'write', false],
    ['a branch by a reader', false, 'read', true],
    ['a branch by nobody known', false, 'none', true],
  ] as const)('holds %s at gate 1: %s %s → %s', (_what, isFork, permission, waits) => {
    expect(mustWait(policy, { isFork }, permission)).toBe(waits);
  });

  it('holds nobody when policy lets outsiders run', () => {
    expect(mustWait({ ...policy, outsiders: 'run' }, { isFork: true }, 'none')).toBe(false);
  });
});
