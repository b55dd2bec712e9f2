import { describe, expect, it, onTestFinished } from 'vitest';
import { Scalar } from 'yaml';
import { Layer } from '../../../src/policy/document/layer.ts';
import { explainIssue } from '../../../src/policy/parsing/explain-issue.ts';
import { readPlainYaml } from '../../../src/policy/parsing/plain-yaml.ts';
import { readLayer } from '../../../src/policy/parsing/read-layer.ts';
import { faultsOf } from './fixture.ts';

function faults(content: string): readonly string[] {
  return faultsOf(readLayer({ layer: 'repository', file: 'p.yml', content }));
}

/** Counts how often the value of a scalar is looked at: each comparison of two keys looks at both. */
function countLooks(): () => number {
  const values = new WeakMap<object, unknown>();
  let looks = 0;
  Object.defineProperty(Scalar.prototype, 'value', {
    configurable: true,
    get(this: Scalar) {
      looks += 1;
      return values.get(this);
    },
    set(this: Scalar, value: unknown) {
      values.set(this, value);
    },
  });
  onTestFinished(() => {
    Reflect.deleteProperty(Scalar.prototype, 'value');
  });
  return () => looks;
}

const names = Array.from({ length: 4_000 }, (_, index) => `k${index}`);

describe('a section of thousands of keys', () => {
  it.each([
    ['in braces', `{${names.join(',')}}`],
    ['on lines', names.map((name) => `${name}:\n`).join('')],
  ])('is read with a few looks at each key, and not at every pair: %s', (_form, text) => {
    const looks = countLooks();
    const { value } = readPlainYaml(text);
    expect(value).toEqual(Object.fromEntries(names.map((name) => [name, null])));
    expect(looks()).toBeGreaterThanOrEqual(names.length);
    expect(looks()).toBeLessThan(20 * names.length);
  });

  it('is explained up to fifty keys', () => {
    const issue = { code: 'unrecognized_keys' as const, keys: names, path: [], message: '' };
    expect(explainIssue(Layer, {}, issue)).toHaveLength(50);
  });
});

describe('a crowd of keys and values', () => {
  it.each([
    ['words', (count: number) => `[${'a,'.repeat(count - 1)}]`],
    ['aliases', (count: number) => `[&a a,${'*a,'.repeat(count - 2)}]`],
    ['lines', (count: number) => '- a\n'.repeat(count - 1)],
  ])('is refused above ten thousand, and no other fault of the text told: %s', (_what, text) => {
    expect(faults(text(10_001))).toEqual([
      expect.stringMatching(/^p\.yml:\d+:\d+: has more than 10000 keys and values$/),
    ]);
    expect(faults(text(10_000)).join('\n')).not.toContain('keys and values');
  });

  it('holds a long key once, however many values are below it', () => {
    const key = 'k'.repeat(32_000);
    const before = process.memoryUsage().heapUsed;
    const yaml = readPlainYaml(`? ${key}\n: [${'1,'.repeat(9_000)}]`);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(100 * 2 ** 20);
    expect(yaml.offsetOf([key, '8999'])).toBeGreaterThan(key.length);
  });
});

describe('a key that is there twice', () => {
  it.each([
    ['version: 1\nlimits: { pids: 64, pids: 32 }', 'p.yml:2:21: limits.pids'],
    ['version: 1\n"version": 1', 'p.yml:2:1: version'],
    ['1: a\n"1": b', 'p.yml:2:1: 1'],
    ['{null: a, "null": b}', 'p.yml:1:11: null'],
  ])('is refused with the place of the second: %j', (text, place) => {
    expect(faults(text)).toEqual([`${place}: is said twice; keep one of the two`]);
  });

  it('is none in two sections', () => {
    expect(faults('version: 1\ntasks: { a: { runtime: runc }, b: { runtime: runc } }')).toEqual([]);
  });
});

describe('a policy that nests thousands deep', () => {
  it.each([
    ['in brackets that texts seem to close', '["]",'.repeat(9_000)],
    ['in brackets that a comment seems to close', `# ${']'.repeat(20_000)}\n${'['.repeat(20_000)}`],
  ])('is refused with its place: %s', (_what, text) => {
    expect(faults(text)).toMatchObject([expect.stringMatching(/^p\.yml:\d+:\d+: .*nests deeper/)]);
  });
});
