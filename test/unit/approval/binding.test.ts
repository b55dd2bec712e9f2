import { describe, expect, it } from 'vitest';
import { bindingOf, voidedBy } from '../../../src/approval/binding.ts';
import { CommitSha, digestOf } from '../../../src/domain/ids.ts';
import { sampleTask } from '../../support/report/samples.ts';

const task = sampleTask();
const binding = bindingOf(task, 'write');
const { repositoryId, pullRequest, headSha, baseSha, policyDigest, patchDigest } = binding;
const present = { repositoryId, pullRequest, headSha, baseSha, policyDigest, patchDigest };
const other = CommitSha.parse('f'.repeat(40));

describe('an approval', () => {
  it('holds while everything it is bound to is the same', () => {
    expect(voidedBy(binding, { ...present, isOpen: true })).toBeUndefined();
  });

  it.each([
    ['in another repository', { repositoryId: 8 }, /another repository/],
    ['on another pull request', { pullRequest: 8 }, /another pull request/],
    ['once the pull request is closed', { isOpen: false }, /closed/],
    ['after a push', { headSha: other }, /head moved from a{12} to f{12}/],
    ['after the base moved', { baseSha: other }, /base/],
    ['under another policy', { policyDigest: digestOf('lax') }, /policy/],
    ['for another patch', { patchDigest: digestOf('evil') }, /patch/],
    ['for no patch', { patchDigest: null }, /patch/],
  ])('is void %s', (_when, change, reason) => {
    expect(voidedBy(binding, { ...present, isOpen: true, ...change })).toMatch(reason);
  });

  it('of a run is bound to no patch, and is none for a patch', () => {
    const ofRun = bindingOf(task, 'run');
    expect(ofRun.patchDigest).toBeNull();
    expect(voidedBy(ofRun, { ...present, isOpen: true })).toMatch(/patch/);
  });

  it('of a run holds for its head, whatever becomes of base and policy', () => {
    const later = { ...present, baseSha: other, policyDigest: digestOf('new'), patchDigest: null };
    const ofRun = bindingOf(task, 'run');
    expect(voidedBy(ofRun, { ...later, isOpen: true })).toBeUndefined();
    expect(voidedBy(ofRun, { ...later, isOpen: true, headSha: other })).toMatch(/head moved/);
  });
});
