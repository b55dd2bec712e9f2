import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  type ClientHttp2Stream,
  constants,
  type IncomingHttpHeaders,
  type IncomingHttpStatusHeader,
} from 'node:http2';
import { ModelLimit } from '../../../src/protocol/usage.ts';
import { limitHeader } from '../../../src/protocol/wire.ts';
import type { AgentStreams } from './open-stream.ts';
import { answerHeaders, requestHeaders } from './pass-headers.ts';
import type { Target } from './read-target.ts';
import { refusalText } from './refusal.ts';

/** One request of the agent, and where its answer goes. */
export type AgentRequest = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Told when the answer says that a ceiling of models is reached; only of what is asked of a model. */
  readonly onLimit?: (limit: ModelLimit) => void;
};

/** Sends one request of the agent onto the wire and its answer back, piece by piece as they come. */
export function forwardRequest(
  streams: AgentStreams,
  { request, response, onLimit }: AgentRequest,
  target: Target,
): void {
  response.on('error', () => undefined);
  request.on('error', () => undefined);
  if (!target.ok) {
    refuse(response, target.status, target.reason);
    return;
  }
  const headers = requestHeaders(request.headers);
  if (headers === undefined) {
    refuse(response, 431, 'headers');
    return;
  }
  const { authority, path } = target;
  const pseudo = { ':method': request.method ?? 'GET', ':scheme': 'http', ':path': path };
  const isEmpty = !hasBody(request);
  const stream = streams.open({ ...pseudo, ':authority': authority, ...headers }, isEmpty);
  if (stream === undefined) {
    refuse(response, 503, 'too-many-at-once');
    return;
  }
  if (!isEmpty) sendBody(request, stream);
  if (onLimit !== undefined) stream.on('response', (answer) => tellLimit(answer, onLimit));
  sendBack(stream, response);
}

function tellLimit(headers: IncomingHttpHeaders, onLimit: (limit: ModelLimit) => void): void {
  const limit = ModelLimit.safeParse(headers[limitHeader]);
  if (limit.success) onLimit(limit.data);
}

/** What the stream no longer takes is read and dropped: the client may send all before it reads. */
function sendBody(request: IncomingMessage, stream: ClientHttp2Stream): void {
  request.pipe(stream);
  stream.on('close', () => request.unpipe(stream).resume());
}

function hasBody({ headers }: IncomingMessage): boolean {
  const length = headers['content-length'];
  return headers['transfer-encoding'] !== undefined || (length !== undefined && Number(length) > 0);
}

function sendBack(stream: ClientHttp2Stream, response: ServerResponse): void {
  stream.on('response', (headers: IncomingHttpHeaders & IncomingHttpStatusHeader) => {
    if (response.destroyed) return;
    response.writeHead(headers[':status'] ?? 502, answerHeaders(headers));
    // An event stream may be silent for long after its headers.
    response.flushHeaders();
    stream.pipe(response, { end: false });
  });
  // Whole as soon as its end is read, whatever becomes of the stream, on which the request may still be
  // under way. What a reset or the end of the wire cuts off ends too: with a code, or destroyed.
  stream.on('end', () => {
    if (stream.destroyed || stream.rstCode !== constants.NGHTTP2_NO_ERROR) return;
    if (response.headersSent) response.end();
  });
  stream.on('close', () => {
    if (response.writableEnded) return;
    // Cut off is not complete: the agent must see the difference.
    if (response.headersSent) response.destroy();
    else refuse(response, 502, 'no-answer');
  });
  response.on('close', () => {
    // After a whole answer the control plane ends the stream. A reset for each would be a flood to it.
    if (!stream.closed && !response.writableFinished) stream.close(constants.NGHTTP2_CANCEL);
  });
}

function refuse(response: ServerResponse, status: number, reason: string): void {
  if (response.destroyed) return;
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
  response.end(refusalText(reason));
}
