import { describe, expect, it } from 'vitest';
import { keyIn, marksOf } from '../../../src/domain/fingerprint.ts';
import { sampleFinding } from '../../support/report/samples.ts';

/** A list that counts which of its items are looked at. */
function watched(lines: readonly string[]): {
  readonly lines: string[];
  readonly looked: () => number;
} {
  const seen = new Set<string>();
  const proxy = new Proxy([...lines], {
    get(target, name) {
      if (/^\d+$/.test(String(name))) seen.add(String(name));
      return Reflect.get(target, name) as unknown;
    },
  });
  return { lines: proxy, looked: () => seen.size };
}

describe('what the marks of a finding cost', () => {
  it.each([
    ['blank lines', ''],
    ['lines with something in them', 'abc'],
    ['lines of blanks', ' '.repeat(1_000)],
  ])('is bounded in a file of %s', (_what, line) => {
    const file = watched(Array.from({ length: 50_000 }, () => line));
    marksOf({ ...sampleFinding(), range: { startLine: 2_000, endLine: 49_000 } }, file.lines);
    expect(file.looked()).toBeGreaterThan(0);
    expect(file.looked()).toBeLessThan(2_300);
  });
});

describe('the key of a finding by itself', () => {
  it('is that of its marks, and says what was looked at for it', () => {
    const lines = Array.from({ length: 50_000 }, () => ' '.repeat(15));
    const finding = { ...sampleFinding(), range: { startLine: 1, endLine: 49_000 } };
    expect(keyIn(finding, lines).key).toBe(marksOf(finding, lines).key);
    expect(keyIn(finding, lines).looked).toBeGreaterThanOrEqual(32_000);
    expect(keyIn({ ...finding, range: { startLine: 1, endLine: 2 } }, lines).looked).toBe(62);
    const columns = { startLine: 1, endLine: 1, startColumn: 1, endColumn: 2 };
    expect(keyIn({ ...finding, range: columns }, lines).looked).toBe(17 + 31);
    expect(keyIn(finding, undefined)).toEqual({ key: marksOf(finding, undefined).key, looked: 0 });
  });
});
