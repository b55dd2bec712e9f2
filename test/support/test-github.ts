import type { StandInOptions } from './github/stand-in-options.ts';

/**
 * Which GitHub the end-to-end tests run against: github.com, or a GitHub Enterprise Server in the project `ghes`
 * of vitest.config.ts.
 * @throws Error for a name that it does not know: a misspelt one would test github.com twice
 */
export function testGitHub(): Pick<StandInOptions, 'ghes'> {
  const name = process.env['SALLYPORT_TEST_GITHUB'];
  if (name === undefined) return {};
  if (name === 'ghes') return { ghes: '3.17' };
  throw new Error(`SALLYPORT_TEST_GITHUB=${name}: there is only ghes`);
}
