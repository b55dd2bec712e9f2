import { constants, type ServerHttp2Stream } from 'node:http2';
import { limitHeader } from '../protocol/wire.ts';
import { isModelLimit } from './model-limit.ts';

/** Says why, where that is still possible, and lets go of the request. */
export function turnAway(stream: ServerHttp2Stream, reason: string): void {
  if (stream.destroyed || stream.closed) return;
  if (stream.headersSent) {
    stream.close(constants.NGHTTP2_CANCEL);
    return;
  }
  const status = statusOf(reason);
  stream.respond({
    ':status': status,
    'content-type': 'application/json',
    // Agents try again what a second try cannot change: Anthropic's and OpenAI's libraries heed this one.
    ...(isModelLimit(reason) ? { [limitHeader]: reason } : {}),
    ...(mayPass(status, reason) ? {} : { 'x-should-retry': 'false' }),
  });
  stream.end(JSON.stringify(bodyOf(reason)), () => letGo(stream));
}

/** As Anthropic and OpenAI shape their errors, so that agents show the reason in place of a failed parse. */
function bodyOf(reason: string): object {
  const error = { type: 'sallyport_egress', reason, code: reason };
  return { type: 'error', error: { ...error, message: `Sallyport refused this: ${reason}` } };
}

/**
 * Ends a stream whose answer is whole: the rest of the request, if any, is not needed (RFC 9113, 8.1).
 * Dropped, because a body that nobody reads would keep the stream for as long as the wire.
 */
export function letGo(stream: ServerHttp2Stream): void {
  if (!stream.closed) stream.close(constants.NGHTTP2_NO_ERROR);
  stream.unpipe().resume();
}

const gatewayFaults = ['upstream-failed', 'connect-failed', 'resolve-failed', 'answer-headers'];

function statusOf(reason: string): number {
  if (/^(?:limit|budget):/.test(reason) || reason === 'too-many-at-once') return 429;
  if (reason === 'idle') return 504;
  if (reason === 'credential-failed') return 503;
  return gatewayFaults.includes(reason) ? 502 : 403;
}

/** Faults of the moment: the same request may go through later. */
function mayPass(status: number, reason: string): boolean {
  return status > 500 || reason === 'too-many-at-once';
}
