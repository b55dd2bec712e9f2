import { createServer as createHttpServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type AppOptions, sallyportApp } from './app.ts';
import { createListener, type Routes, sendJson } from './http-routes.ts';
import type { Clock } from './ports/clock.ts';
import type { Log } from './ports/log.ts';
import { createReadiness, type HealthChecks } from './readiness.ts';
import { systemClock } from './system-clock.ts';
import { type BodyRefusal, createBodyReader, maxPayloadBytes } from './webhooks/read-body.ts';
import { createReceiver, type ReceiverOptions } from './webhooks/receiver.ts';

/** Where GitHub sends webhooks; Probot's default, so that existing App registrations fit. */
export const webhookPath = '/api/github/webhooks';

/** What the server is made of. */
export interface ServerOptions {
  readonly webhookSecret: string;
  readonly app: ReceiverOptions['app'];
  readonly health: HealthChecks;
  readonly log: Log;
  readonly clock?: Clock;
  /** Cap of one body; GitHub's 25 MiB unless told. */
  readonly maxBodyBytes?: number;
}

/** A server that listens. */
export interface RunningServer {
  readonly url: string;
  /** Takes no more connections and resolves when what is under way has been answered, or after 10 s. */
  close(): Promise<void>;
}

/** A client must have sent its headers, and its whole request, by then: slow ones hold no connection. */
const headersTimeoutMs = 10_000;
const requestTimeoutMs = 30_000;
/** How often both are looked at; Node's default of 30 s would make them 40 s and 60 s. */
const timeoutCheckEveryMs = 2_000;
const closeGraceMs = 10_000;
const maxConnections = 512;
/** Bodies being read at once, in whole payloads of the largest size. */
const maxBodiesAtOnce = 8;

const bodyRefusals = {
  'too-large': [413, 'the body is too large'],
  busy: [503, 'too much is being received at once'],
} as const;

/**
 * The HTTP server: webhooks, `GET /healthz` and `GET /readyz`, 404 for anything else. It does not listen yet.
 * @throws SallyportError `config.invalid` for a webhook secret that is missing, short or a default
 */
export async function createServer(options: ServerOptions): Promise<Server> {
  const { log, clock = systemClock, maxBodyBytes = maxPayloadBytes } = options;
  const receive = await createReceiver({ ...options, clock });
  const readiness = createReadiness(options.health, clock);
  const maxTotalBytes = maxBodyBytes * maxBodiesAtOnce;
  const readBody = createBodyReader({ maxBytes: maxBodyBytes, maxTotalBytes });

  const routes: Routes = {
    [`POST ${webhookPath}`]: async (request, response) => {
      const body = await readBody(request);
      if (!body.ok) return refuseBody(response, body.refusal);
      const { status, message } = await receive(request.headers, body.bytes);
      sendJson(response, status, { message });
    },
    'GET /healthz': async (_request, response) => sendJson(response, 200, { status: 'ok' }),
    'GET /readyz': async (_request, response) => {
      const { ok, checks } = await readiness();
      sendJson(response, ok ? 200 : 503, { checks });
    },
  };
  const server = createHttpServer(
    {
      headersTimeout: headersTimeoutMs,
      requestTimeout: requestTimeoutMs,
      connectionsCheckingInterval: timeoutCheckEveryMs,
    },
    createListener(routes, log),
  );
  server.maxConnections = maxConnections;
  return server;
}

/** Builds the App and its server and listens. Port 0 takes a free one. */
export async function startServer(
  options: Omit<ServerOptions, 'app'> &
    Pick<AppOptions, 'appId' | 'enqueue'> & { readonly host: string; readonly port: number },
): Promise<RunningServer> {
  const clock = options.clock ?? systemClock;
  const app = sallyportApp({ ...options, clock });
  const server = await createServer({ ...options, app, clock });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  return { url: urlOf(server), close: () => close(server, clock) };
}

async function close(server: Server, clock: Clock): Promise<void> {
  const closed = new AbortController();
  void clock.after(closeGraceMs, closed.signal).then(() => server.closeAllConnections());
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  closed.abort();
}

function refuseBody(response: ServerResponse, refusal: BodyRefusal): void {
  if (refusal === 'aborted') return;
  // The rest of the body is not read, so the connection cannot be used again.
  response.setHeader('connection', 'close');
  if (refusal === 'busy') response.setHeader('retry-after', '10');
  const [status, message] = bodyRefusals[refusal];
  sendJson(response, status, { message });
}

function urlOf(server: Server): string {
  const { address, port, family } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
