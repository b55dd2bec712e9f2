import { describe, expect, test } from 'vitest';
import { FindingsOfFile } from '../../../../src/report/inline/findings-of-file.ts';
import { sampleFinding } from '../../../support/report/samples.ts';

const on = (startLine: number, endLine = startLine) =>
  sampleFinding({ path: 'f', range: { startLine, endLine } });
const lines = (startLine: number, endLine = startLine) => ({ startLine, endLine });

describe('the findings of a file', () => {
  const here = () =>
    new FindingsOfFile([on(2, 4), on(3), on(9)].map((finding, at) => ({ at: at + 5, finding })));

  test('are taken once, all on the lines of a suggestion', () => {
    const file = here();
    expect(file.take(lines(3))?.at).toBe(5);
    expect(file.taken).toEqual([5, 6]);
    expect(file.take(lines(4))).toBeUndefined();
    expect(file.worstOn(lines(4))?.at).toBe(5);
    expect(file.take(lines(1, 20))?.at).toBe(7);
  });

  test('are on no lines beside theirs', () => {
    const file = here();
    for (const line of [1, 5, 8, 10]) {
      expect(file.worstOn(lines(line))).toBeUndefined();
      expect(file.take(lines(line))).toBeUndefined();
    }
    expect(file.taken).toEqual([]);
  });

  test('are looked at a few times each, however many suggestions are on the lines of all', () => {
    let looks = 0;
    const range = lines(1, 10_000);
    const findings = Array.from({ length: 1_000 }, (_, at) => ({
      at,
      finding: {
        ...on(1),
        get range() {
          looks += 1;
          return range;
        },
      },
    }));
    const file = new FindingsOfFile(findings);
    for (let line = 1; line <= 1_000; line += 1) {
      file.worstOn(lines(line));
      file.take(lines(line));
    }
    expect(file.taken).toHaveLength(1_000);
    expect(looks).toBeLessThan(10_000);
  });
});
