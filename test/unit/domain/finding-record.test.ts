import { describe, expect, it } from 'vitest';
import {
  Dismissal,
  FindingId,
  FindingPlace,
  FindingRecord,
  FindingState,
  Marks,
} from '../../../src/domain/finding-record.ts';
import { sampleRecord } from '../../contract/store-samples.ts';

const record = sampleRecord('a');
const dismissal: Dismissal = { byId: 3, via: 'resolved', waives: false, atMs: 0 };

describe('FindingRecord', () => {
  it.each(FindingPlace.options)('takes what people see at %s', (place) => {
    expect(FindingRecord.parse({ ...record, place })).toEqual({ ...record, place });
  });

  it.each(FindingState.options)('says who dismissed it exactly when it is %s', (state) => {
    const isDismissed = state === 'dismissed';
    expect(FindingRecord.safeParse({ ...record, state, dismissal }).success).toBe(isDismissed);
    expect(FindingRecord.safeParse({ ...record, state }).success).toBe(!isDismissed);
  });

  it.each([
    ['an id of another length', { id: 'a'.repeat(11) }],
    ['a path that leaves the repository', { path: '../a' }],
    ['a tool with a line in it', { tool: 'a\nb' }],
    ['no rule', { rule: '' }],
    ['an unknown place', { place: 'review' }],
    ['a task that is none', { lastTask: 'x' }],
    ['something besides', { line: 3 }],
  ])('refuses %s', (_what, change) => {
    expect(FindingRecord.safeParse({ ...record, ...change }).success).toBe(false);
  });
});

describe('what a finding is known by', () => {
  it.each([
    ['too short', { key: 'a'.repeat(31) }],
    ['in capitals', { near: 'A'.repeat(32) }],
    ['left out', { toolKey: undefined }],
  ])('is no mark when it is %s', (_what, change) => {
    expect(Marks.safeParse({ ...record.marks, ...change }).success).toBe(false);
  });

  it.each([
    ['0123456789ab', true],
    ['0123456789aB', false],
    ['0123456789abc', false],
    ['<!-- x --> b', false],
  ])('may be the id %s: %s', (id, isOne) => {
    expect(FindingId.safeParse(id).success).toBe(isOne);
  });
});

describe('Dismissal', () => {
  it.each([
    ['nobody', { byId: 0 }],
    ['another way', { via: 'email' }],
    ['half a word on waiving', { waives: 1 }],
    ['a time before all times', { atMs: -1 }],
  ])('refuses %s', (_what, change) => {
    expect(Dismissal.safeParse({ ...dismissal, ...change }).success).toBe(false);
  });
});
