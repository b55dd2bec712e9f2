import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CommitSha,
  DeliveryId,
  Digest,
  digestOf,
  TaskId,
  taskIdFor,
} from '../../../src/domain/ids.ts';

describe('digestOf', () => {
  it('is SHA-256 of the bytes, and of the UTF-8 of a string', () => {
    const ofNothing = 'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
    expect(digestOf('')).toBe(ofNothing);
    expect(digestOf(new Uint8Array())).toBe(ofNothing);
    expect(digestOf('ü')).toBe(digestOf(Buffer.from([0xc3, 0xbc])));
  });
});

describe('taskIdFor', () => {
  it('is the same for the same cause and kind, for ever', () => {
    expect(taskIdFor('delivery-1', 'review')).toBe(taskIdFor('delivery-1', 'review'));
    // Stored in databases and in check runs: it must not change from version to version.
    expect(taskIdFor('delivery-1', 'review')).toBe('teaf2ae526a1210458dcb519c');
  });

  it('keeps cause and kind apart, wherever one ends and the other begins', () => {
    const pair = fc.tuple(fc.string(), fc.string());
    fc.assert(
      fc.property(pair, pair, (a, b) => {
        const isSame = a[0] === b[0] && a[1] === b[1];
        expect(taskIdFor(...a) === taskIdFor(...b)).toBe(isSame);
      }),
    );
    expect(taskIdFor('ab', 'c')).not.toBe(taskIdFor('a', 'bc'));
    expect(taskIdFor('a","b', 'c')).not.toBe(taskIdFor('a', 'b","c'));
  });

  it('is a task id, whatever the cause', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (cause, kind) => {
        expect(TaskId.safeParse(taskIdFor(cause, kind)).success).toBe(true);
      }),
    );
  });
});

const hex = 'abcdef0123456789'.repeat(4);

describe.each([
  ['TaskId', TaskId, `t${hex.slice(0, 24)}`],
  ['CommitSha', CommitSha, hex.slice(0, 40)],
  ['Digest', Digest, `sha256:${hex}`],
  ['DeliveryId', DeliveryId, '72d3162e-cc78-11e3-81ab-4c9367dc0958'],
] as const)('%s', (_name, schema, good) => {
  it('takes what it is', () => {
    expect(schema.parse(good)).toBe(good);
  });

  it.each([
    ['nothing', ''],
    ['one character more', `${good}0`.padEnd(81, '0')],
    ['a line break at its end', `${good}\n`],
    ['a line in front', `x\n${good}`],
    ['a space', ` ${good}`],
    ['a path', `../${good}`],
    ['a NUL', `${good.slice(0, -1)}\0`],
    ['full-width digits', `${good.slice(0, -1)}１`],
  ])('refuses %s', (_what, value) => {
    expect(schema.safeParse(value).success).toBe(false);
  });

  it.each([[null], [1], [{}], [[good]]])('refuses what is no string: %j', (value) => {
    expect(schema.safeParse(value).success).toBe(false);
  });
});

describe('case and length', () => {
  it.each([
    ['an upper-case SHA', CommitSha, hex.slice(0, 40).toUpperCase()],
    ['an abbreviated SHA', CommitSha, hex.slice(0, 12)],
    ['a SHA-256 object name', CommitSha, hex],
    ['a digest of another kind', Digest, `sha512:${hex}`],
    ['a digest without its kind', Digest, hex],
    ['a delivery id of 81 characters', DeliveryId, 'a'.repeat(81)],
    ['an upper-case task id', TaskId, `T${hex.slice(0, 24)}`],
  ])('refuses %s', (_what, schema, value) => {
    expect(schema.safeParse(value).success).toBe(false);
  });
});
