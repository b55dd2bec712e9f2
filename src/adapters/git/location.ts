import { isAbsolute, normalize } from 'node:path';
import { SallyportError } from '../../errors.ts';
import type { SourceLocation } from '../../ports/source.ts';
import type { GitConfig, Transport } from './environment.ts';

/** A checked place to fetch from. */
export interface Origin {
  readonly url: string;
  readonly transport: Exclude<Transport, 'none'>;
}

const mirrorKeyPattern = /^[a-z0-9-]{1,100}$/;

/** The mirror key itself, when it cannot leave its folder. @throws SallyportError `git.failed` */
export function checkedMirrorKey(mirrorKey: string): string {
  if (!mirrorKeyPattern.test(mirrorKey))
    throw refused('the mirror key is not lower-case letters, digits and dashes');
  return mirrorKey;
}

/**
 * The origin of a location: an absolute path, or an http(s) URL without user, query and fragment.
 * Refuses a token over plain http to anything but this machine, and a token for a local path.
 * @throws SallyportError `git.failed`
 */
export function checkedOrigin(location: SourceLocation): Origin {
  const { url } = location;
  // An absolute path can be no option (`--upload-pack=…`) and no `ext::` helper.
  if (isAbsolute(url)) return localOrigin(url, location.token !== null);
  if (!URL.canParse(url)) throw refused('the source is neither an absolute path nor a URL');
  const parsed = new URL(url);
  if (parsed.protocol !== 'https:' && parsed.protocol !== 'http:') {
    throw refused('the source is reached by https, http or an absolute path only');
  }
  if (
    parsed.username !== '' ||
    parsed.password !== '' ||
    parsed.search !== '' ||
    parsed.hash !== ''
  ) {
    throw refused('the URL of the source holds more than host and path');
  }
  if (parsed.protocol === 'http:' && location.token !== null && !isThisMachine(parsed.hostname)) {
    throw refused('a token is not sent over plain http');
  }
  return { url: parsed.href, transport: 'http' };
}

/** Configuration that makes git send `token` to this URL and no other; it goes by environment only. */
export function authorization(url: string, token: string): GitConfig {
  const basic = Buffer.from(`x-access-token:${token}`, 'utf8').toString('base64');
  return [[`http.${url}.extraHeader`, `Authorization: Basic ${basic}`]];
}

function localOrigin(url: string, hasToken: boolean): Origin {
  if (hasToken) throw refused('a local repository takes no token');
  if (url.includes('\0') || url.includes('\n') || normalize(url) !== url) {
    throw refused('the path of the local repository is not in its plain form');
  }
  return { url, transport: 'file' };
}

function isThisMachine(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]';
}

function refused(reason: string): SallyportError {
  return new SallyportError('git.failed', reason);
}
