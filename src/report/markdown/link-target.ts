/** Longest address that is made a link. */
const maxLength = 1_000;

/** Pages to which a link would be a reference, with a note on the other side. */
const reference = /\/(?:issues|pull|discussions|commit)\//i;

/**
 * The destination of a Markdown link to `url`, or undefined where there may be no link: another scheme than
 * https, a host that is not one of `hosts` (lower-case names) to the letter, a port, a name or password,
 * and pages of issues and the like. Nothing in it ends the link or is anything else in Markdown.
 */
export function linkTarget(url: string, hosts: readonly string[]): string | undefined {
  const parsed = url.length > maxLength ? null : URL.parse(url);
  if (parsed?.protocol !== 'https:' || !hosts.includes(parsed.hostname)) return undefined;
  if (`${parsed.username}${parsed.password}${parsed.port}` !== '') return undefined;
  if (reference.test(parsed.pathname)) return undefined;
  // An address is all ASCII once it is parsed.
  const inert = parsed.href.replace(/[^A-Za-z0-9\-._~:/?#&=+%,;!]/g, percent);
  return `<${inert.replaceAll('&', '&amp;')}>`;
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}
