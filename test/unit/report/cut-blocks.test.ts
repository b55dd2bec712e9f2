import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutBlocks } from '../../../src/report/cut-blocks.ts';

const block = fc.oneof(
  fc.constantFrom('A sentence.', '- one\n- two', '| a |\n| - |', 'x'.repeat(60), '😀'.repeat(30)),
  fc.constantFrom('```\na\n\nb\n```', '````ts\n```\n\n\n````', '~~~\n\n~~~'),
  fc.constant('<details><summary>x</summary>\n\n```\na\n\nb\n```\n\n</details>'),
);

describe('Markdown that is cut', () => {
  it('is whole blocks and a count of the others, and fits', () => {
    fc.assert(
      fc.property(
        fc.array(block, { minLength: 1 }),
        fc.integer({ min: 60, max: 400 }),
        (all, max) => {
          const cut = cutBlocks(all.join('\n\n'), max);
          expect(cut.length).toBeLessThanOrEqual(max);
          const left = /… and (\d+) more parts?, too long to show here\.$/.exec(cut)?.[1];
          const kept = all.length - Number(left ?? 0);
          const note = left === undefined ? [] : [cut.slice(cut.lastIndexOf('… and'))];
          expect(cut).toBe([...all.slice(0, kept), ...note].join('\n\n'));
        },
      ),
    );
  });

  it('says that there was something when not even one block fits', () => {
    expect(cutBlocks('x'.repeat(500), 100)).toBe('… and 1 more part, too long to show here.');
  });

  it('ends no fence in its middle, and cuts behind it', () => {
    const code = '```\na\n\nb\n```';
    expect(cutBlocks(`${code}\n\n${'x'.repeat(500)}`, 100)).toBe(
      `${code}\n\n… and 1 more part, too long to show here.`,
    );
  });

  it('is left as it is when it fits', () => {
    expect(cutBlocks('a\n\n\nb', 10)).toBe('a\n\n\nb');
  });
});
