import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { EgressPolicy } from '../../../src/policy/egress-policy.ts';
import { ModelRoute } from '../../../src/policy/model-route.ts';
import { parseEgressPresets, parsePriceTable } from '../../../src/policy/parse-egress.ts';
import { matchesPath } from '../../../src/policy/path-pattern.ts';

const limits = {
  networkBytes: 1,
  requests: 1,
  connections: 1,
  concurrent: 1,
  headerBytes: 1_024,
  bodyBytes: 1,
};
const rule = { id: 'r', host: 'a.example', methods: ['GET'], paths: ['/'] };
const route = {
  id: 'm',
  kind: 'openai-chat',
  authority: 'm.model.sallyport.internal',
  upstream: 'https://a.example/prefix',
  paths: ['/v1/chat/completions'],
  models: ['m-1'],
  limits: { tokens: 1, costMicroUsd: 1 },
};

describe('an egress policy', () => {
  test('denies everything when it says nothing', () => {
    expect(EgressPolicy.parse({ limits })).toMatchObject({
      rules: [],
      modelRoutes: [],
      allowAddresses: [],
    });
  });

  test.each<[string, object]>([
    ['one id for two rules', { rules: [rule, rule] }],
    ['one id for a rule and a route', { rules: [{ ...rule, id: 'm' }], modelRoutes: [route] }],
    ['one authority for two routes', { modelRoutes: [route, { ...route, id: 'n' }] }],
    ['a network that is none', { allowAddresses: ['10.0.0.0/33'] }],
    ['an address without its bits', { allowAddresses: ['10.0.0.1'] }],
    ['headers that the wire does not take', { limits: { ...limits, headerBytes: 16_384 } }],
    [
      'more requests at a time than the wire has streams',
      { limits: { ...limits, concurrent: 33 } },
    ],
    ['no limits', { limits: undefined }],
  ])('is refused with %s', (_, change) => {
    expect(EgressPolicy.safeParse({ limits, ...change }).success).toBe(false);
  });
});

describe('a model route', () => {
  test.each<[string, object]>([
    ['an authority of the outside', { authority: 'api.example' }],
    ['the control plane’s authority', { authority: 'sallyport.internal' }],
    ['an upstream with a user', { upstream: 'https://user:pass@a.example' }],
    ['an upstream with a query', { upstream: 'https://a.example?key=x' }],
    ['an upstream of another kind', { upstream: 'file:///etc/passwd' }],
    ['an upstream with a slash at its end', { upstream: 'https://a.example/' }],
    ['a path that climbs', { paths: ['/v1/../x/'] }],
    ['a start that paths do not have', { stripPrefix: '/v2' }],
    ['a start that ends within a segment', { stripPrefix: '/v1/chat/comp' }],
    ['a start that is the whole path', { stripPrefix: '/v1/chat/completions' }],
    ['a path with a wildcard', { paths: ['/v1/*'] }],
    ['no model', { models: [] }],
    ['a model with a wildcard', { models: ['*'] }],
  ])('is refused with %s', (_, change) => {
    expect(ModelRoute.safeParse({ ...route, stripPrefix: '/v1' }).success).toBe(true);
    expect(ModelRoute.safeParse(route).success).toBe(true);
    expect(ModelRoute.safeParse({ ...route, ...change }).success).toBe(false);
  });
});

const read = (name: string): string =>
  readFileSync(new URL(`../../../policies/${name}`, import.meta.url), 'utf8');

describe('the presets that ship', () => {
  const { presets } = parseEgressPresets(read('egress.yml'), 'egress.yml');
  const rules = Object.values(presets).flat();

  test('are named, only read, and go together', () => {
    expect(Object.keys(presets)).toEqual(['npm', 'pypi', 'crates', 'debian']);
    for (const { methods } of rules) expect(methods).toEqual(['GET', 'HEAD']);
    expect(EgressPolicy.parse({ limits, rules }).rules).toHaveLength(rules.length);
  });

  test.each([
    ['npm-registry', '/lodash', true],
    ['npm-registry', '/@types/node', true],
    ['npm-registry', '/@types/node/-/node-1.0.0.tgz', true],
    ['npm-registry', '/lodash/-/lodash-4.17.21.tgz', true],
    ['npm-registry', '/-/npm/v1/tokens/x', false],
    ['pypi-index', '/simple/requests/', true],
    ['pypi-index', '/manage/account/', false],
    ['crates-index', '/3/s/syn', true],
    ['crates-index', '/se/rd/serde', true],
    ['debian-archive', '/debian/dists/bookworm/InRelease', true],
    ['debian-archive', '/other', false],
  ])('%s takes %s: %s', (id, path, isTaken) => {
    const found = rules.find((candidate) => candidate.id === id);
    const paths = found !== undefined && 'paths' in found ? found.paths : [];
    expect(paths.some((pattern) => matchesPath(pattern, path))).toBe(isTaken);
  });
});

describe('the price table that ships', () => {
  test('has a day and whole numbers, and no cache that is dearer than an hour’s', () => {
    const { asOf, models } = parsePriceTable(read('prices.yml'), 'prices.yml');
    expect(asOf).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(Object.keys(models).length).toBeGreaterThan(5);
    for (const price of Object.values(models)) {
      expect(price.cacheRead).toBeLessThanOrEqual(price.input);
      expect(price.cacheWrite).toBeLessThanOrEqual(price.cacheWriteHour);
      expect(price.longPrompt?.input ?? Infinity).toBeGreaterThan(price.input);
    }
  });
});

describe('a file of rules', () => {
  test.each([
    ['no YAML', 'version: [', 'egress.yml: '],
    ['a key that is there twice', 'version: 1\nversion: 1\npresets: {}', 'egress.yml: '],
    ['an alias', 'version: &a 1\npresets: { x: *a }', 'egress.yml: aliases are not taken'],
    ['a rule that is none', 'version: 1\npresets: { x: [{ id: y }] }', 'presets.x.0'],
  ])('is refused with %s', (_, text, message) => {
    expect(() => parseEgressPresets(text, 'egress.yml')).toThrow(message);
  });
});
