import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import type { Duplex, Readable } from 'node:stream';
import { answerHeaders } from './answer-headers.ts';
import { EgressEnded } from './egress-ended.ts';
import type { Exchange } from './exchange.ts';
import { passBytes } from './pass-bytes.ts';

/** A request as it goes out: all of it checked. */
export interface OutgoingRequest {
  readonly method: string;
  readonly path: string;
  readonly host: string;
  /** Without Host and framing. */
  readonly headers: Readonly<Record<string, string>>;
  /** Null: no body. With bytes: sent as they are; whoever read them has counted them. */
  readonly body: Readable | Buffer | null;
}

/** What is done with the answer before and while it goes to the sandbox. */
export interface AnswerHandling {
  readonly maxHeaderBytes: number;
  readonly maxBodyBytes: number;
  /** Looks at the status and headers, and gives those to send; may throw to refuse. */
  readonly filter?: (
    answer: IncomingMessage,
    headers: Record<string, string | string[]>,
  ) => Record<string, string | string[]>;
  /** Sees each piece of the body before it is passed on. */
  readonly watch?: (piece: Buffer) => void;
}

/**
 * One HTTP/1.1 request on a connection of its own, which is closed afterwards. Redirects are passed
 * on and never followed: the next request is judged by itself.
 * @throws EgressEnded by name
 */
export async function exchangeHttp(
  exchange: Exchange,
  socket: Duplex,
  { outgoing, handling }: { readonly outgoing: OutgoingRequest; readonly handling: AnswerHandling },
): Promise<void> {
  const request = httpRequest({
    createConnection: () => socket,
    method: outgoing.method,
    path: outgoing.path,
    headers: { ...outgoing.headers, host: outgoing.host },
    setHost: false,
    maxHeaderSize: handling.maxHeaderBytes,
    insecureHTTPParser: false,
  });
  const answered = answerOf(request, exchange.signal);
  try {
    const sent = send(exchange, request, { body: outgoing.body, maxBytes: handling.maxBodyBytes });
    // An upstream may answer and close before it has read the body: its answer says more.
    sent.catch((error: unknown) => {
      if (error instanceof EgressEnded) exchange.stop(error.reason);
    });
    await relay(exchange, { request, answer: await answered }, handling);
  } finally {
    request.destroy();
    socket.destroy();
  }
}

async function send(
  exchange: Exchange,
  request: ClientRequest,
  { body, maxBytes }: { readonly body: OutgoingRequest['body']; readonly maxBytes: number },
): Promise<void> {
  if (body === null) {
    request.end();
  } else if (Buffer.isBuffer(body)) {
    exchange.guard(() => exchange.lookOut()(body));
    request.end(body);
  } else {
    // A client may wait for the answer before it sends the rest.
    request.flushHeaders();
    const watch = exchange.lookOut();
    await passBytes(exchange, { from: body, to: request, direction: 'up', maxBytes, watch });
  }
}

function answerOf(request: ClientRequest, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.on('response', resolve);
    request.on('error', (cause) => {
      const isHeader = 'code' in cause && cause.code === 'HPE_HEADER_OVERFLOW';
      reject(new EgressEnded(isHeader ? 'answer-headers' : 'upstream-failed', { cause }));
    });
    // A 101 that nobody asked for.
    request.on('upgrade', () => reject(new EgressEnded('answer-upgrade')));
    const stop = (): void => reject(new EgressEnded('stopped', { cause: signal.reason }));
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
  });
}

async function relay(
  exchange: Exchange,
  { request, answer }: { readonly request: ClientRequest; readonly answer: IncomingMessage },
  handling: AnswerHandling,
): Promise<void> {
  const { stream } = exchange;
  answer.on('error', () => exchange.stop('upstream-failed'));
  const { headers, bytes } = answerHeaders(answer, handling.maxHeaderBytes);
  const status = answer.statusCode ?? 502;
  exchange.status = status;
  exchange.count('down', bytes);
  const shown = handling.filter?.(answer, headers) ?? headers;
  if (stream.destroyed || stream.closed) throw new EgressEnded('sandbox-aborted');
  const isBodiless = request.method === 'HEAD' || status === 204 || status === 304;
  stream.respond({ ':status': status, ...shown }, { endStream: isBodiless });
  if (isBodiless) return;
  const { watch, maxBodyBytes: maxBytes } = handling;
  const passage = { from: answer, to: stream, direction: 'down', maxBytes } as const;
  await passBytes(exchange, watch === undefined ? passage : { ...passage, watch });
}
