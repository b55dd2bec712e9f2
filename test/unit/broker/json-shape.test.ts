import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { shapeFault } from '../../../src/broker/json-shape.ts';
import { readModelBody } from '../../../src/broker/model-body.ts';
import { routeOf } from '../../support/broker/model-bodies.ts';

/** What a tool of a request may have in any shape. */
const withSchema = (schema: string) =>
  Buffer.from(`{"model":"m","messages":[],"tools":[{"name":"x","input_schema":${schema}}]}`);
const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
const list = (length: number) => `[${Array.from({ length }, () => '0').join(',')}]`;

function reasonOf(schema: string): string | undefined {
  const reading = readModelBody(withSchema(schema), routeOf('anthropic-messages'));
  return reading.ok ? undefined : reading.reason;
}

describe('the shape of a body', () => {
  test.each([
    ['deeper than the ceiling', nested(201), 'model-too-deep'],
    ['so deep that to write it again would take minutes', nested(2_000_000), 'model-too-deep'],
    ['deep in objects', `${'{"a":'.repeat(201)}0${'}'.repeat(201)}`, 'model-too-deep'],
    ['of more numbers than the ceiling', list(200_001), 'model-too-many-values'],
    ['of many empty lists', `[${'[],'.repeat(200_000)}0]`, 'model-too-many-values'],
    ['of many keys', `{${'"a":0,'.repeat(200_001)}"b":0}`, 'model-too-many-values'],
    ['behind a string that ends in a backslash', `["\\\\",${nested(201)}]`, 'model-too-deep'],
  ])('is refused when it is %s', (_, schema, reason) => {
    expect(reasonOf(schema)).toBe(reason);
  });

  test.each([
    ['deep', nested(190)],
    ['wide', list(199_000)],
    ['a string of brackets and commas', JSON.stringify(`"\\${'[{,'.repeat(300_000)}`)],
    ['many small things one after the other', `[${nested(1)}${`,${nested(9)}`.repeat(19_000)}]`],
  ])('passes when it is %s', (_, schema) => {
    expect(reasonOf(schema)).toBeUndefined();
  });

  test('passes for any JSON of common size', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        expect(shapeFault(Buffer.from(json))).toBeUndefined();
      }),
    );
  });

  test('is no matter of what ends in the middle', () => {
    expect(shapeFault(Buffer.from('{"a'))).toBeUndefined();
    expect(shapeFault(Buffer.from('{"a\\'))).toBeUndefined();
  });
});
