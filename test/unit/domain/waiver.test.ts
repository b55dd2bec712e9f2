import { describe, expect, it } from 'vitest';
import { type Waiver, waivedIn } from '../../../src/domain/waiver.ts';
import { sampleFinding } from '../../support/report/samples.ts';

const mark = (digit: string) => digit.repeat(32);
const marks = { key: mark('a'), near: mark('b'), toolKey: null };
const waiver: Waiver = { severity: 'warning', marks };

const isWaived = (
  severity: string,
  now: Partial<Waiver['marks']>,
  given: Waiver | undefined = waiver,
) => {
  const outcome = { findings: [sampleFinding({ severity })], marks: [{ ...marks, ...now }] };
  return waivedIn(outcome, ['id'], new Map([[given === waiver ? 'id' : 'other', waiver]])).has(0);
};

describe('a waiver', () => {
  it('is of a finding that is what it was, or less bad', () => {
    expect(isWaived('warning', {})).toBe(true);
    expect(isWaived('info', {})).toBe(true);
    expect(isWaived('error', {})).toBe(false);
  });

  it('is not of another text, nor of the same in other lines', () => {
    expect(isWaived('warning', { key: mark('c') })).toBe(false);
    expect(isWaived('warning', { near: mark('c') })).toBe(false);
    expect(isWaived('warning', { near: mark('c'), toolKey: mark('d') })).toBe(false);
  });

  it('is of what its tool knows for the same', () => {
    const known: Waiver = { severity: 'warning', marks: { ...marks, toolKey: mark('d') } };
    const outcome = {
      findings: [sampleFinding({ severity: 'warning' })],
      marks: [{ ...marks, near: mark('c'), toolKey: mark('d') }],
    };
    expect(waivedIn(outcome, ['id'], new Map([['id', known]])).has(0)).toBe(true);
  });

  it('is of no other finding, and of none in an outcome without ids or marks', () => {
    expect(isWaived('warning', {}, { ...waiver })).toBe(false);
    const bare = { findings: [sampleFinding({ severity: 'info' })] };
    expect(waivedIn(bare, [], new Map([['id', waiver]])).size).toBe(0);
    expect(waivedIn(bare, ['id'], new Map([['id', waiver]])).size).toBe(0);
  });
});
