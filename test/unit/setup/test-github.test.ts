import { afterEach, expect, it, vi } from 'vitest';
import { testGitHub } from '../../support/test-github.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

it.each([
  ['github.com unless told', undefined, {}],
  ['a GitHub Enterprise Server when told', 'ghes', { ghes: '3.17' }],
])('end-to-end tests run against %s', (_, name, expected) => {
  vi.stubEnv('SALLYPORT_TEST_GITHUB', name);
  expect(testGitHub()).toEqual(expected);
});

it.each(['GHES', '3.17', ''])('and against nothing where the name is %j', (name) => {
  vi.stubEnv('SALLYPORT_TEST_GITHUB', name);
  expect(testGitHub).toThrow('there is only ghes');
});
