/**
 * The web and git root that belongs to a REST root: `https://api.github.com` → `https://github.com`,
 * `https://host/api/v3` (GHES) → `https://host`, `https://api.name.ghe.com` → `https://name.ghe.com`.
 * Any other root is its own server, which is what a stand-in on loopback is.
 */
export function serverUrlOf(apiUrl: string): string {
  const url = new URL(apiUrl);
  if (url.hostname === 'api.github.com' || /^api\.[a-z0-9-]+\.ghe\.com$/.test(url.hostname)) {
    return `${url.protocol}//${url.host.slice('api.'.length)}`;
  }
  return url.origin;
}
