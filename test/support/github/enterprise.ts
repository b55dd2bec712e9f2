import type { World } from './world.ts';

/** What GHES sends with each webhook; github.com sends neither. */
export function enterpriseHeaders(world: World): Record<string, string> {
  const version = versionHeader(world);
  return version === undefined
    ? {}
    : { ...version, 'x-github-enterprise-host': new URL(world.url).hostname };
}

/** What tells a client about the server: GHES its version, github.com the rate limit, which GHES has off. */
export function serverHeaders(world: World): Record<string, string> {
  return versionHeader(world) ?? { 'x-ratelimit-limit': '5000', 'x-ratelimit-remaining': '4999' };
}

function versionHeader({ ghes }: World): { 'x-github-enterprise-version': string } | undefined {
  return ghes === undefined ? undefined : { 'x-github-enterprise-version': `${ghes}.0` };
}

/**
 * The path of a request below the root of the API: `/repos/…` or `/graphql`. GHES has its API below `/api/v3` and
 * `/api/graphql`; undefined there for what is not the API.
 */
export function apiPath({ ghes }: World, pathname: string): string | undefined {
  if (ghes === undefined) return pathname;
  if (pathname === '/api/graphql') return '/graphql';
  return /^\/api\/v3(\/.*)$/.exec(pathname)?.[1];
}
