import { describe, expect, it } from 'vitest';
import { parametersInWords, whyNotTaken } from '../../../src/policy/decide/parameters.ts';
import { readLayer } from '../../../src/policy/parsing/read-layer.ts';
import { faultsOf, folding } from './fixture.ts';

const values = { level: ['low', 'high'] };
const taking = (parameters: { names: string[]; values: Record<string, string[]> }) => ({
  parameters,
});
const upgrade = taking({ names: ['level', 'module'], values });

describe('what a task takes', () => {
  it.each([
    [{}],
    [{ level: 'low' }],
    [{ level: 'high', module: 'anything at all; $(rm -rf /)' }],
    [{ module: '' }],
  ])('is taken: %j', (parameters) => {
    expect(whyNotTaken('upgrade', upgrade, parameters)).toBeUndefined();
  });

  it.each([
    [
      { levels: 'low' },
      '`upgrade` takes no value called `levels`. It takes `level` (`low`, `high`), `module`.',
    ],
    [
      { level: 'LOW' },
      '`upgrade` takes no such value of `level`. It takes `level` (`low`, `high`), `module`.',
    ],
    [{ level: '' }, 'no such value of `level`'],
    [{ module: 'x', constructor: 'x' }, 'no value called `constructor`'],
    [{ tostring: 'x' }, 'no value called `tostring`'],
  ])('is not taken: %j', (parameters, words) => {
    expect(whyNotTaken('upgrade', upgrade, parameters)).toContain(words);
  });

  it('is nothing where the policy names nothing', () => {
    const none = taking({ names: [], values });
    expect(whyNotTaken('fix', none, { level: 'low' })).toBe('`fix` takes no values.');
    expect(parametersInWords(none)).toBe('');
  });

  it('is any text where the name is one that every object has', () => {
    const odd = taking({ names: ['constructor'], values: {} });
    expect(whyNotTaken('odd', odd, { constructor: 'x' })).toBeUndefined();
    expect(parametersInWords(odd)).toBe('constructor=…');
  });

  it('is written as one writes it, ten values of each at most', () => {
    expect(parametersInWords(upgrade)).toBe('level=low|high module=…');
    const many = Array.from({ length: 12 }, (_, index) => `v${index}`);
    const wide = taking({ names: ['level'], values: { level: many } });
    expect(parametersInWords(wide)).toBe(`level=${many.slice(0, 10).join('|')}|…`);
    expect(whyNotTaken('wide', wide, { level: 'v11' })).toBeUndefined();
    expect(whyNotTaken('wide', wide, { level: 'v12' })).toContain('`v9`, …)');
  });
});

function ofFix(organisation: string, repository: string) {
  const reading = folding({
    organisation: `tasks: { fix: { parameters: ${organisation} } }`,
    repository: `tasks: { fix: { parameters: ${repository} } }`,
  });
  if (!reading.ok) return reading.faults.map(({ path, message }) => `${path}: ${message}`);
  return reading.folded.policy.tasks['fix']?.parameters;
}

describe('of the values that a task takes, a layer below', () => {
  it('keeps a part of the names and of the values', () => {
    expect(ofFix('{ names: [a, b], values: { a: [x, y] } }', '{ names: [a] }')).toEqual({
      names: ['a'],
      values: { a: ['x', 'y'] },
    });
    expect(ofFix('{ names: [a], values: { a: [x, y] } }', '{ values: { a: [y] } }')).toEqual({
      names: ['a'],
      values: { a: ['y'] },
    });
    expect(ofFix('{ names: [a] }', '{ values: { a: [y] } }')).toEqual({
      names: ['a'],
      values: { a: ['y'] },
    });
  });

  it.each([
    ['another name', '{ names: [a] }', '{ names: [a, b] }', 'tasks.fix.parameters.names: b is not'],
    [
      'another value',
      '{ names: [a], values: { a: [x] } }',
      '{ values: { a: [x, z] } }',
      'tasks.fix.parameters.values.a: z is not',
    ],
  ])('is refused %s', (_what, above, below, words) => {
    expect(JSON.stringify(ofFix(above, below))).toContain(words);
  });
});

describe('a layer', () => {
  it.each([
    ['a name in capitals', '{ names: [Level] }'],
    ['a name that ends a code span', '{ names: ["a`b"] }'],
    ['a value that ends a code span', '{ names: [a], values: { a: ["x`y"] } }'],
    ['a value that mentions somebody', '{ names: [a], values: { a: ["@octocat"] } }'],
    ['no value at all', '{ names: [a], values: { a: [] } }'],
    ['too many names', `{ names: [${Array.from({ length: 17 }, (_, n) => `k${n}`).join()}] }`],
    [
      'values of too many names',
      `{ values: { ${Array.from({ length: 17 }, (_, n) => `k${n}: [x]`).join()} } }`,
    ],
  ])('is refused %s', (_what, parameters) => {
    const content = `version: 1\ntasks: { fix: { parameters: ${parameters} } }`;
    const reading = readLayer({ layer: 'repository', file: 'repo.yml', content });
    expect(faultsOf(reading).join()).toContain('tasks.fix.parameters');
  });
});
