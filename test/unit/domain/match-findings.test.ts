import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FindingRecord } from '../../../src/domain/finding-record.ts';
import { matchFindings, type Sighting } from '../../../src/domain/match-findings.ts';
import { RepoPath } from '../../../src/domain/repo-path.ts';
import { sampleRecord } from '../../contract/store-samples.ts';

/** `key near toolKey path`, a letter each; `-` for no key of the tool. */
function sighting(text: string): Sighting {
  const [key = '', near = '', tool = '', path = ''] = text.split('');
  return {
    path: RepoPath.parse(path),
    marks: {
      key: key.repeat(32),
      near: near.repeat(32),
      toolKey: tool === '-' ? null : tool.repeat(32),
    },
  };
}

function record(text: string, index: number, state: 'open' | 'fixed' = 'open'): FindingRecord {
  return sampleRecord('0', { id: `${index}`.padStart(12, '0'), state, ...sighting(text) });
}

/** The places in `known` of what each sighting is; -1 for a new one. */
function placesOf(known: readonly FindingRecord[], now: readonly Sighting[]): number[] {
  return matchFindings(known, now).recordOf.map((one) =>
    one === undefined ? -1 : known.indexOf(one),
  );
}

/** Of one letter each, few of them: equals are common. */
const text = fc
  .tuple(
    fc.constantFrom('a', 'b'),
    fc.constantFrom('c', 'd', 'e'),
    fc.constantFrom('f', '0', '-'),
    fc.constantFrom('x', 'y'),
  )
  .map((letters) => letters.join(''));
const anyKnown = fc
  .array(fc.tuple(text, fc.constantFrom('open', 'fixed')), { maxLength: 20 })
  .map((some) => some.map(([one, state], index) => record(one, index, state)));
const anyNow = fc.array(text, { maxLength: 20 }).map((some) => some.map(sighting));

describe('matching findings', () => {
  it('gives a record to one sighting at most, and tells of every record once', () => {
    fc.assert(
      fc.property(anyKnown, anyNow, (known, now) => {
        const { recordOf, unseen } = matchFindings(known, now);
        const seen = recordOf.filter((one) => one !== undefined);
        expect(recordOf).toHaveLength(now.length);
        expect(new Set([...seen, ...unseen])).toEqual(new Set(known));
        expect(seen.length + unseen.length).toBe(known.length);
        expect(unseen).toEqual(known.filter((one) => unseen.includes(one)));
      }),
    );
  });

  it('pairs what has one text and path as often as there are both, and nothing of another text', () => {
    fc.assert(
      fc.property(anyKnown, anyNow, (known, now) => {
        const { recordOf, unseen } = matchFindings(known, now);
        const paired = now.filter((_one, index) => recordOf[index] !== undefined);
        const keys = recordOf.flatMap((one) => one?.marks.key ?? []);
        expect(paired.map(({ marks }) => marks.key)).toEqual(keys);
        const fresh = now.filter((_one, index) => recordOf[index] === undefined);
        for (const { path, marks } of fresh) {
          const missed = unseen.filter((one) => one.path === path && one.marks.key === marks.key);
          expect(missed).toEqual([]);
        }
      }),
    );
  });

  it('knows again whatever is seen unchanged, in any order', () => {
    const distinct = fc.uniqueArray(text, { selector: (one) => `${one[0]}${one[3]}` });
    const shuffled = distinct.chain((some) =>
      fc.tuple(fc.constant(some), fc.shuffledSubarray(some, { minLength: some.length })),
    );
    fc.assert(
      fc.property(shuffled, ([some, other]) => {
        const known = some.map((one, index) => record(one, index));
        const { recordOf } = matchFindings(known, other.map(sighting));
        expect(recordOf.map((one) => one?.id)).toEqual(
          other.map((one) => known[some.indexOf(one)]?.id),
        );
      }),
    );
  });

  it('does not depend on the order where texts are distinct', () => {
    const records = fc.uniqueArray(fc.tuple(text, fc.constantFrom('open', 'fixed')), {
      selector: ([one]) => one[0],
    });
    const sightings = fc.uniqueArray(text, { selector: (one) => one[0] });
    fc.assert(
      fc.property(records, sightings, (some, other) => {
        const known = some.map(([one, state], index) => record(one, index, state));
        const now = other.map(sighting);
        const there = matchFindings(known, now).recordOf;
        const back = matchFindings(known.toReversed(), now.toReversed()).recordOf;
        expect(back.toReversed()).toEqual(there);
      }),
    );
  });

  it.each([
    ['by the mark of the tool first', ['a c f x', 'a d 0 x'], ['a d f x', 'a c 0 x'], [0, 1]],
    ['then by what is around', ['a c f x', 'a d 0 x'], ['a d - x', 'a c - x'], [1, 0]],
    ['then in order', ['a c - x', 'a d - x'], ['a e - x', 'a 0 - x', 'a 1 - x'], [0, 1, -1]],
    ['in another file where all around is the same', ['a c - x'], ['a c - y'], [0]],
    ['in another file where the tool says so', ['a c f x'], ['a d f y'], [0]],
    ['in no other file by the text alone', ['a c - x'], ['a d - y'], [-1]],
    ['by no mark of a tool that has none', ['a c - x'], ['a d f y', 'a d - y'], [-1, -1]],
    ['in its own file before another', ['a c f y', 'a d - x'], ['a c f x'], [1]],
    ['by no mark without the text', ['a c f x'], ['b c f x'], [-1]],
  ])('pairs %s', (_what, known, now, places) => {
    const letters = (one: string): string => one.replaceAll(' ', '');
    const records = known.map((one, index) => record(letters(one), index));
    expect(
      placesOf(
        records,
        now.map((one) => sighting(letters(one))),
      ),
    ).toEqual(places);
  });

  it('takes what was fixed only where nothing else is left, in each step', () => {
    const known = [record('ac-x', 0, 'fixed'), record('ac-x', 1), record('ad-x', 2)];
    const same = sighting('ac-x');
    expect(placesOf(known, [same])).toEqual([1]);
    expect(placesOf(known, [same, same])).toEqual([1, 0]);
    expect(placesOf(known, [same, same, same, same])).toEqual([1, 0, 2, -1]);
    const dismissal = { byId: 1, via: 'command', waives: true, atMs: 0 } as const;
    const dismissed = { ...record('ac-x', 3), state: 'dismissed', dismissal } as const;
    expect(placesOf([record('ac-x', 0, 'fixed'), dismissed], [same])).toEqual([1]);
  });

  it('asks each of many equals for its marks a few times, not once for each other', () => {
    let asked = 0;
    const counted = <T extends Sighting>(one: T): T => {
      const { marks } = one;
      return Object.defineProperty({ ...one }, 'marks', {
        get: () => {
          asked += 1;
          return marks;
        },
      });
    };
    const known = Array.from({ length: 5_000 }, (_, index) => counted(record('ac-x', index)));
    const now = Array.from({ length: 5_000 }, () => counted(sighting('ad-x')));
    expect(placesOf(known.slice(0, 3), now.slice(0, 2))).toEqual([0, 1]);
    const { recordOf, unseen } = matchFindings(known, now);
    expect(asked).toBeLessThan(70_000);
    expect(recordOf).toEqual(known);
    expect(unseen).toEqual([]);
  });
});
