import { describe, expect, it } from 'vitest';
import { marksOf } from '../../../src/domain/fingerprint.ts';
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
