import { isIP } from 'node:net';
import type { ModelRoute } from '../policy/model-route.ts';
import { priceOf } from '../policy/price-table.ts';
import { askProvider } from './ask-provider.ts';
import { authorizeCall } from './authorize-call.ts';
import type { BrokerContext } from './broker-context.ts';
import { EgressEnded } from './egress-ended.ts';
import { recordable } from './egress-record.ts';
import type { Exchange } from './exchange.ts';
import type { PlainRequest } from './http-forward.ts';
import { readModelBody } from './model-body.ts';
import { modelRequestHeaders } from './model-headers.ts';
import { requireModelKey } from './model-key.ts';
import { findUpstream, type Upstream } from './open-connection.ts';
import { readBody } from './read-body.ts';
import { expectedUse } from './reckon-usage.ts';
import { readRequestHeaders } from './request-headers.ts';
import { readPath } from './request-path.ts';

/** Longest request to a model: what the providers themselves take. */
const maxRequestBytes = 32 * 1024 * 1024;

/** Paths that count tokens without a model: they cost nothing and give no usage. */
const unmetered = /\/count_tokens$/;

const noUse = { tokens: 0, costMicroUsd: 0 };

/** The one query that clients need. Keys in queries stay here. */
const harmlessQuery = 'beta=true';

/**
 * Answers a request to a model route: pins host, path, model and key, passes the answer on as it
 * comes and charges what it used. @throws EgressEnded by name
 */
export async function callModel(
  context: BrokerContext,
  exchange: Exchange,
  request: PlainRequest,
): Promise<void> {
  const route = routeOf(context, request);
  exchange.goBy(route);
  let isWaiting = false;
  const { idleMs, modelIdleMs } = context.timeouts;
  void exchange.watchIdle(() => (isWaiting ? modelIdleMs : idleMs));
  requireModelKey(request.headers, context.modelKey);
  const path = pathOf(route, request);
  const call = await readCall(context, exchange, { route, request });
  const { prefix, ...upstream } = upstreamOf(route);
  const { host } = new URL(route.upstream);
  const outgoing = {
    method: 'POST',
    path: prefix + path.slice(route.stripPrefix?.length ?? 0),
    host,
    headers: call.headers,
    body: call.body,
  };
  const authorize = () => authorizeCall(context, outgoing, route.credential);
  const sent = await authorize();
  isWaiting = true;
  const isMetered = !unmetered.test(path.split('?')[0] ?? '');
  const use = isMetered ? expectedUse({ ...call, requestBytes: call.body.length }) : noUse;
  const leave = await context.models.admit(route, use, exchange.signal);
  try {
    const addresses = await findUpstream(context, exchange, upstream);
    await askProvider(context, exchange, {
      ...call,
      route,
      upstream,
      addresses,
      outgoing: { ...outgoing, ...sent },
      authorize,
      isMetered,
    });
  } finally {
    leave();
  }
}

function routeOf(context: BrokerContext, { host, port, headers }: PlainRequest): ModelRoute {
  const route = context.policy.modelRoutes.find(({ authority }) => authority === host);
  if (route === undefined || port !== 80) throw new EgressEnded('no-route');
  if (headers[':method'] !== 'POST') throw new EgressEnded('no-rule-for-method');
  return route;
}

/** The path and query to ask for, behind the upstream's prefix. */
function pathOf(route: ModelRoute, { headers }: PlainRequest): string {
  const path = readPath(String(headers[':path']));
  if (!path.ok) throw new EgressEnded(path.reason);
  if (!route.paths.includes(path.forward.split('?')[0] ?? ''))
    throw new EgressEnded('no-rule-for-path');
  return path.forward === `${path.match}?${harmlessQuery}` ? path.forward : path.match;
}

/** What the sandbox asks, checked. */
async function readCall(
  context: BrokerContext,
  exchange: Exchange,
  { route, request }: { readonly route: ModelRoute; readonly request: PlainRequest },
) {
  const { headerBytes, bodyBytes } = context.policy.limits;
  const read = readRequestHeaders(
    request.headers,
    request.headers[':authority'] ?? '',
    headerBytes,
  );
  if (!read.ok) throw new EgressEnded(read.reason);
  const type = read.headers['content-type'] ?? '';
  if (!/^application\/json\b/i.test(type) || 'content-encoding' in read.headers)
    throw new EgressEnded('model-malformed');
  if ('expect' in request.headers) exchange.stream.additionalHeaders({ ':status': 100 });
  const body = await readBody(exchange, Math.min(bodyBytes, maxRequestBytes));
  const reading = readModelBody(body, route);
  if (!reading.ok) throw new EgressEnded(recordable(reading.reason, 80));
  const price = priceOf(context.prices, reading.model);
  if (price === undefined && route.unpriced === 'deny') throw new EgressEnded('model-unpriced');
  const pricesAsOf = price === undefined ? null : context.prices.asOf;
  const headers = modelRequestHeaders(read.headers, reading.bytes.length);
  const { model, asked, bytes } = reading;
  return { headers, headerBytes: read.bytes, body: bytes, model, asked, price, pricesAsOf };
}

/** Where a route leads. An address written by the operator needs no resolver. */
function upstreamOf({ upstream }: ModelRoute): Upstream & { readonly prefix: string } {
  const { protocol, hostname, port, pathname } = new URL(upstream);
  const tls = protocol === 'https:';
  const host = hostname.replace(/^\[|\]$/g, '');
  const family = isIP(host);
  return {
    host,
    port: port === '' ? (tls ? 443 : 80) : Number(port),
    tls,
    // A key in the clear stays within the operator's own networks.
    isOperatorsOnly: !tls,
    prefix: pathname === '/' ? '' : pathname,
    ...(family === 0 ? {} : { address: { address: host, family: family === 4 ? 4 : 6 } }),
  };
}
