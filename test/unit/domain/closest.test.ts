import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { closest } from '../../../src/domain/closest.ts';

const words = ['review', 'fix', 'approve', 'reject', 'retry', 'resume'];

describe('closest', () => {
  it.each([
    ['revew', 'review'],
    ['reveiw', 'review'],
    ['REVIEWS', 'review'],
    ['fxi', 'fix'],
    ['fi', 'fix'],
    ['aprove', 'approve'],
    ['aproev', 'approve'],
    ['rety', 'retry'],
    ['fix', 'fix'],
  ])('takes %j for %j', (word, meant) => {
    expect(closest(word, words)).toBe(meant);
  });

  it.each(['deploy', 'x', '', 'if', 'xfxix', 'reviewreview', '😀😀😀', 'r'.repeat(60_000)])(
    'has nothing near %j',
    (word) => {
      expect(closest(word, words)).toBeUndefined();
    },
  );

  it('gives the first of two that are as near', () => {
    expect(closest('bat', ['cat', 'hat'])).toBe('cat');
    expect(closest('hat', ['cat', 'hat'])).toBe('hat');
  });

  it('finds a word again after any one slip', () => {
    const slip = fc.record({
      at: fc.nat(9),
      letter: fc.constantFrom('a', 'b', 'c', 'x', 'y', 'z'),
    });
    fc.assert(
      fc.property(slip, fc.constantFrom('add', 'drop', 'swap'), ({ at, letter }, kind) => {
        const word = Array.from('containment');
        if (kind === 'add') word.splice(at, 0, letter);
        else if (kind === 'drop') word.splice(at, 1);
        else word.splice(at, 2, String(word[at + 1]), String(word[at]));
        expect(closest(word.join(''), [...words, 'containment'])).toBe('containment');
      }),
    );
  });
});
