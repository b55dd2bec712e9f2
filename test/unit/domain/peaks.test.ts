import { describe, expect, test } from 'vitest';
import { largerOf, noPeaks, Peaks } from '../../../src/domain/peaks.ts';

describe('peaks', () => {
  test.each<[number | null, number | null | undefined, number | null]>([
    [null, undefined, null],
    [null, null, null],
    [null, 3, 3],
    [3, undefined, 3],
    [3, null, 3],
    [3, 5, 5],
    [5, 3, 5],
    [0, null, 0],
  ])('of %s and %s are the larger, or the one that is known: %s', (a, b, expected) => {
    const other = b === undefined ? {} : { cpuMs: b };
    expect(largerOf({ ...noPeaks, cpuMs: a }, other)).toEqual({ ...noPeaks, cpuMs: expected });
  });

  test.each([{ cpuMs: -1 }, { cpuMs: 0.5 }, { more: 1 }])('refuse %o', (part) => {
    expect(Peaks.safeParse({ ...noPeaks, ...part }).success).toBe(false);
  });
});
