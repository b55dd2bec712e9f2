import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { readAuthority } from '../domain/host-name.ts';
import { routeSuffix } from '../policy/model-route.ts';
import type { BrokerContext } from './broker-context.ts';
import { connectTunnel } from './connect-tunnel.ts';
import { EgressEnded } from './egress-ended.ts';
import { recordable } from './egress-record.ts';
import { Exchange } from './exchange.ts';
import { forwardHttp } from './http-forward.ts';
import { callModel } from './model-call.ts';
import { letGo, turnAway } from './turn-away.ts';

/** Longest host in a record: a name's own limit. */
const maxRecordedHost = 253;

/** A request as it came off the wire. */
export interface IncomingEgress {
  readonly stream: ServerHttp2Stream;
  readonly headers: IncomingHttpHeaders;
  readonly exchange: number;
}

/** Answers one request from its headers to its last record. Never rejects. */
export async function answerRequest(
  context: BrokerContext,
  { stream, headers, exchange: number }: IncomingEgress,
): Promise<void> {
  if (context.ended.aborted) {
    // Counted and not recorded: the reason is in the ledger, and a flood must not fill it.
    context.meters.denied();
    turnAway(stream, String(context.ended.reason));
    return;
  }
  const exchange = new Exchange(context, stream, {
    exchange: number,
    ruleId: null,
    method: recordable(String(headers[':method']), 32),
    host: recordable(String(headers[':authority']), maxRecordedHost),
    port: null,
    path: null,
  });
  const end = (): void => exchange.stop(String(context.ended.reason));
  context.ended.addEventListener('abort', end, { once: true });
  try {
    const ending = await exchange.finish(await faultOf(() => judge(context, exchange, headers)));
    if (ending !== 'complete') turnAway(stream, ending);
    else letGo(stream);
  } catch {
    // Only a record can fail here; `recordOrEnd` has already ended all egress, and the caller knows why.
    turnAway(stream, 'record-failed');
  } finally {
    context.ended.removeEventListener('abort', end);
  }
}

async function faultOf(work: () => Promise<void>): Promise<unknown> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return error;
  }
}

async function judge(
  context: BrokerContext,
  exchange: Exchange,
  headers: IncomingHttpHeaders,
): Promise<void> {
  context.meters.request();
  context.meters.enter();
  try {
    await route(context, exchange, headers);
  } finally {
    context.meters.leave();
  }
}

async function route(
  context: BrokerContext,
  exchange: Exchange,
  headers: IncomingHttpHeaders,
): Promise<void> {
  const authority = readAuthority(String(headers[':authority']));
  const path = headers[':path'];
  if (path !== undefined) exchange.describe({ path: path.split('?')[0] ?? '' });
  if (!authority.ok) throw new EgressEnded(authority.reason);
  const isTunnel = headers[':method'] === 'CONNECT';
  const port = authority.port ?? (isTunnel ? undefined : 80);
  exchange.describe({ host: authority.name, port: port ?? null });
  if (port === undefined) throw new EgressEnded('port-malformed');
  const host = authority.name;
  if (isTunnel) return connectTunnel(context, exchange, { host, port });
  // Plain text up to us, whatever it is afterwards: `https` here would promise what nobody keeps.
  if (headers[':scheme'] !== 'http') throw new EgressEnded('scheme-not-http');
  if (host.endsWith(routeSuffix)) return callModel(context, exchange, { host, port, headers });
  return forwardHttp(context, exchange, { host, port, headers });
}
