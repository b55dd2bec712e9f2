import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import type { Duplex, Readable } from 'node:stream';
import { bodyOf, lengthOf, startOf, textOf } from './answer-body.ts';
import { answerHeaders } from './answer-headers.ts';
import { EgressEnded } from './egress-ended.ts';
import type { Exchange } from './exchange.ts';
import { passBytes } from './pass-bytes.ts';
import { isMaskable, maskedHeaders } from './secret-mask.ts';

/** A request as it goes out: all of it checked. */
export interface OutgoingRequest {
  readonly method: string;
  readonly path: string;
  readonly host: string;
  /** Without Host and framing. */
  readonly headers: Readonly<Record<string, string>>;
  /** What of them no answer may bring back: an upstream may quote what it was sent. */
  readonly secret?: string;
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
  /** Asked about an answer from 400 on, with the start of its body. True: the sandbox does not get it. */
  readonly hold?: (answer: IncomingMessage, start: string) => boolean;
}

/** A request, and what is done with its answer. */
interface HttpExchange {
  readonly outgoing: OutgoingRequest;
  readonly handling: AnswerHandling;
}

/**
 * One HTTP/1.1 request on a connection of its own, which is closed afterwards. Redirects are passed
 * on and never followed: the next request is judged by itself. False: the answer was held back.
 * @throws EgressEnded by name
 */
export async function exchangeHttp(
  exchange: Exchange,
  socket: Duplex,
  work: HttpExchange,
): Promise<boolean> {
  const { signal } = exchange;
  // Whatever waits for the upstream's next bytes ends with the connection, and not before.
  const hangUp = (): void => void socket.destroy();
  signal.addEventListener('abort', hangUp, { once: true });
  try {
    return await exchangeOn(exchange, socket, work);
  } finally {
    signal.removeEventListener('abort', hangUp);
    socket.destroy();
  }
}

async function exchangeOn(
  exchange: Exchange,
  socket: Duplex,
  { outgoing, handling }: HttpExchange,
): Promise<boolean> {
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
  const secret = isMaskable(outgoing.secret) ? outgoing.secret : undefined;
  try {
    const sent = send(exchange, request, { body: outgoing.body, maxBytes: handling.maxBodyBytes });
    // An upstream may answer and close before it has read the body: its answer says more.
    sent.catch((error: unknown) => {
      if (error instanceof EgressEnded) exchange.stop(error.reason);
    });
    return await relay(exchange, { request, answer: await answered, secret }, handling);
  } finally {
    request.destroy();
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

interface Answered {
  readonly request: ClientRequest;
  readonly answer: IncomingMessage;
  readonly secret: string | undefined;
}

async function relay(
  exchange: Exchange,
  { request, answer, secret }: Answered,
  handling: AnswerHandling,
): Promise<boolean> {
  const { stream } = exchange;
  answer.on('error', () => exchange.stop('upstream-failed'));
  const { headers, bytes } = answerHeaders(answer, handling.maxHeaderBytes);
  const status = answer.statusCode ?? 502;
  exchange.status = status;
  exchange.count('down', bytes);
  const start =
    status < 400 || handling.hold === undefined ? [] : await startOf(answer, exchange.signal);
  if (status >= 400 && handling.hold?.(answer, textOf(start, secret)) === true) {
    exchange.count('down', lengthOf(start));
    return false;
  }
  const shown = handling.filter?.(answer, headers) ?? headers;
  if (stream.destroyed || stream.closed) throw new EgressEnded('sandbox-aborted');
  const isBodiless = request.method === 'HEAD' || status === 204 || status === 304;
  stream.respond({ ':status': status, ...maskedHeaders(shown, secret) }, { endStream: isBodiless });
  if (isBodiless) return true;
  const { watch, maxBodyBytes: maxBytes } = handling;
  const passage = {
    from: bodyOf(answer, start, secret),
    to: stream,
    direction: 'down',
    maxBytes,
  } as const;
  await passBytes(exchange, watch === undefined ? passage : { ...passage, watch });
  return true;
}
