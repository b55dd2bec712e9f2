import { controlAuthority } from '../../../src/protocol/wire.ts';

/** Where a request is meant to go, or why the proxy does not ask. */
export type Target =
  | { readonly ok: true; readonly authority: string; readonly path: string }
  | { readonly ok: false; readonly status: 400 | 403; readonly reason: string };

/** Name, IPv4 or bracketed IPv6, and a port. No user information: `control@evil` is two names. */
const hostAndPort = /^(\[[0-9A-Fa-f:.]{2,64}\]|[A-Za-z0-9._-]{1,255})(?::([0-9]{1,5}))?$/;
const absoluteForm = /^http:\/\/([^/?#]*)([^#]*)$/i;
const printable = /^[\x21-\x7e]*$/;
const routePath = /^\/([a-z0-9-]{1,40})(\/v1\/[\x21-\x7e]*)$/;

/** The target of a plain proxy request (RFC 9112, 3.2.2). Refuses any form but `http://host/path`. */
export function readAbsoluteForm(url: string): Target {
  const [, authority, rest = ''] = absoluteForm.exec(url) ?? [];
  if (authority === undefined || !printable.test(rest)) return refused('not-absolute-http');
  const path = rest.startsWith('/') ? rest : `/${rest}`;
  return targetOf(authority, { defaultPort: 80, path });
}

/** The target of a CONNECT (RFC 9110, 9.3.6): host and port, always both. */
export function readConnectTarget(url: string): Target {
  if (!/:[0-9]+$/.test(url)) return refused('no-port');
  return targetOf(url, { defaultPort: 0, path: '' });
}

/** The target of `/<route>/v1/…` on the port for models. */
export function readModelPath(url: string): Target {
  const [, route, path] = routePath.exec(url) ?? [];
  if (route === undefined || path === undefined) return refused('not-a-model-path');
  return { ok: true, authority: `${route}.model.${controlAuthority}:80`, path };
}

/**
 * The authority always gets a port. The control plane's own has none, so that nothing which comes through
 * here can ever be taken for the supervisor: not its input, and above all not its result.
 */
function targetOf(
  text: string,
  { defaultPort, path }: { readonly defaultPort: number; readonly path: string },
): Target {
  const [, host, port = `${defaultPort}`] = hostAndPort.exec(text) ?? [];
  if (host === undefined) return refused('authority-malformed');
  if (host.toLowerCase().replace(/\.+$/, '') === controlAuthority)
    return { ok: false, status: 403, reason: 'control-plane' };
  return { ok: true, authority: `${host}:${port}`, path };
}

function refused(reason: string): Target {
  return { ok: false, status: 400, reason };
}
