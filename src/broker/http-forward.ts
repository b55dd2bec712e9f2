import type { IncomingHttpHeaders } from 'node:http2';
import type { RequestRule } from '../policy/egress-rule.ts';
import type { BrokerContext } from './broker-context.ts';
import { EgressEnded } from './egress-ended.ts';
import type { Exchange } from './exchange.ts';
import { exchangeHttp } from './http-exchange.ts';
import { injectCredential, type WithSecret } from './inject-credential.ts';
import { matchRequest } from './match-rule.ts';
import { openConnection } from './open-connection.ts';
import { readBody } from './read-body.ts';
import { requestBody } from './request-body.ts';
import { readRequestHeaders } from './request-headers.ts';
import { readPath } from './request-path.ts';

/** A request in plain HTTP, its authority read. */
export interface PlainRequest {
  readonly host: string;
  readonly port: number;
  readonly headers: IncomingHttpHeaders;
}

/** Methods whose body nobody needs: it would be a way to upload under a rule that only reads. */
const withoutBody = ['GET', 'HEAD', 'OPTIONS', 'DELETE'];

/**
 * Answers a plain request by rule: host, port, method and path, in their one spelling, which is also
 * the one that is sent on. @throws EgressEnded by name
 */
export async function forwardHttp(
  context: BrokerContext,
  exchange: Exchange,
  request: PlainRequest,
): Promise<void> {
  const { method, path, rule, headers, headerBytes } = judge(context, exchange, request);
  void exchange.watchIdle(() => context.timeouts.idleMs);
  const body = withoutBody.includes(method) ? null : requestBody(exchange.stream);
  if (body === null) await requireNoBody(exchange);
  const sent = await headersFor(context, rule, body === null ? withoutLength(headers) : headers);
  const { port, tls } = rule;
  exchange.count('up', headerBytes + path.length);
  const socket = await openConnection(context, exchange, { host: request.host, port, tls });
  if (body !== null && 'expect' in request.headers)
    exchange.stream.additionalHeaders({ ':status': 100 });
  const host = port === (tls ? 443 : 80) ? request.host : `${request.host}:${port}`;
  const outgoing = { method, path, host, ...sent, body };
  const { headerBytes: maxHeaderBytes, bodyBytes: maxBodyBytes } = context.policy.limits;
  await exchangeHttp(exchange, socket, { outgoing, handling: { maxHeaderBytes, maxBodyBytes } });
}

function judge(context: BrokerContext, exchange: Exchange, { host, port, headers }: PlainRequest) {
  const { rules, limits } = context.policy;
  const method = String(headers[':method']);
  const path = readPath(String(headers[':path']));
  if (!path.ok) throw new EgressEnded(path.reason);
  exchange.describe({ path: path.match });
  const match = matchRequest(rules, { host, port, method, path });
  if (!match.ok) throw new EgressEnded(match.reason);
  exchange.goBy(match.rule);
  const read = readRequestHeaders(headers, String(headers[':authority']), limits.headerBytes);
  if (!read.ok) throw new EgressEnded(read.reason);
  const { headers: sent, bytes: headerBytes } = read;
  return { method, path: path.forward, rule: match.rule, headers: sent, headerBytes };
}

async function headersFor(
  context: BrokerContext,
  rule: RequestRule,
  headers: Readonly<Record<string, string>>,
): Promise<WithSecret> {
  return rule.credential === undefined
    ? { headers }
    : injectCredential(context, headers, rule.credential);
}

/** A length without a body would make the upstream wait for what never comes. */
function withoutLength(headers: Readonly<Record<string, string>>): Record<string, string> {
  const { 'content-length': _length, ...rest } = headers;
  return rest;
}

async function requireNoBody(exchange: Exchange): Promise<void> {
  if (exchange.stream.endAfterHeaders) return;
  try {
    await readBody(exchange, 0);
  } catch (error) {
    if (error instanceof EgressEnded && error.reason === 'body-bytes')
      throw new EgressEnded('body-not-allowed');
    throw error;
  }
}
