import { describe, expect, it } from 'vitest';
import { Approval } from '../../../src/domain/approval.ts';
import { digestOf, taskIdFor } from '../../../src/domain/ids.ts';
import { LedgerEvent } from '../../../src/domain/ledger-entry.ts';
import {
  Actor,
  fullName,
  isAtLeast,
  Permission,
  RepositoryRef,
} from '../../../src/domain/repository.ts';
import { Trigger } from '../../../src/domain/trigger.ts';
import { repository, World } from '../../support/fakes/world.ts';

describe('RepositoryRef', () => {
  it('has a full name', () => {
    expect(fullName(RepositoryRef.parse(repository))).toBe('acme/parcel-tracker');
  });

  it.each([
    ['an owner with a slash', { owner: 'acme/evil' }],
    ['a name that is the folder above', { name: '..' }],
    ['a name that is this folder', { name: '.' }],
    ['a name with a space', { name: 'a b' }],
    ['a name with a line break', { name: 'a\nb' }],
    ['no owner', { owner: '' }],
    ['a name without end', { name: 'a'.repeat(101) }],
    ['an id as text', { repositoryId: '7' }],
    ['an unknown field', { token: 'x' }],
  ])('refuses %s', (_what, fields) => {
    expect(RepositoryRef.safeParse({ ...repository, ...fields }).success).toBe(false);
  });
});

describe('isAtLeast', () => {
  it('orders permissions from none to admin', () => {
    const order = ['none', 'read', 'triage', 'write', 'maintain', 'admin'] as const;
    for (const [i, held] of order.entries())
      for (const [j, needed] of order.entries()) expect(isAtLeast(held, needed)).toBe(i >= j);
  });

  it('knows no permission by another name', () => {
    expect(Permission.safeParse('owner').success).toBe(false);
  });
});

describe('Actor', () => {
  it.each([
    ['a type of its own', { type: 'Robot' }],
    ['no login', { login: '' }],
    ['an id below zero', { id: -1 }],
    ['an association, which says nothing', { association: 'OWNER' }],
  ])('refuses %s', (_what, fields) => {
    expect(Actor.safeParse({ id: 1, login: 'x', type: 'User', ...fields }).success).toBe(false);
  });
});

describe('what is stored and queued', () => {
  const world = new World();
  const trigger = world.comment('maintainer', '/sallyport fix');
  const approval = {
    taskId: taskIdFor('x', 'fix'),
    gate: 'write',
    decision: 'approve',
    binding: {
      repositoryId: 7,
      pullRequest: 12,
      headSha: 'a'.repeat(40),
      baseSha: 'b'.repeat(40),
      policyDigest: digestOf('p'),
      patchDigest: null,
    },
    by: world.person('maintainer'),
    role: 'maintain',
    via: 'button',
    atMs: 1,
  };

  it('takes a trigger and an approval as they are', () => {
    expect(Trigger.parse(trigger)).toEqual(trigger);
    expect(Approval.parse(approval)).toEqual(approval);
  });

  it.each([
    ['a gate of its own', { gate: 'merge' }],
    ['a third decision', { decision: 'maybe' }],
    ['a role that is none', { role: 'owner' }],
    ['a binding with less', { binding: { ...approval.binding, headSha: undefined } }],
    ['a binding with more', { binding: { ...approval.binding, force: true } }],
  ])('refuses an approval with %s', (_what, fields) => {
    expect(Approval.safeParse({ ...approval, ...fields }).success).toBe(false);
  });

  it.each([
    ['an unknown type', { type: 'push' }],
    ['a comment without end', { body: 'x'.repeat(65_537) }],
    ['a field of its own', { author_association: 'OWNER' }],
    ['no sender', { sender: undefined }],
  ])('refuses a trigger with %s', (_what, fields) => {
    expect(Trigger.safeParse({ ...trigger, ...fields }).success).toBe(false);
  });

  it.each([
    ['an upper-case type', { type: 'Task.Done' }],
    ['a type with a line break', { type: 'task\n.done' }],
    ['a number that JSON does not have', { data: { n: Number.NaN } }],
    ['a date', { data: { at: new Date(0) } }],
  ])('refuses a ledger event with %s', (_what, fields) => {
    const event = { type: 'task.done', taskId: null, data: {} };
    expect(LedgerEvent.safeParse(event).success).toBe(true);
    expect(LedgerEvent.safeParse({ ...event, ...fields }).success).toBe(false);
  });
});
