import type { ServerHttp2Stream } from 'node:http2';
import { PassThrough, type Readable } from 'node:stream';

/**
 * The body of a request, apart from the stream that its answer goes to. HTTP/2 has one stream for both,
 * and a pipe that fails destroys its source: an upstream that answers before it has read all would have
 * the end of its own answer cut off. What ends this body leaves the stream as it is.
 * A sandbox that breaks off shows at the exchange's signal and not here.
 */
export function requestBody(stream: ServerHttp2Stream): Readable {
  const body = new PassThrough();
  // Who reads on after the stream is gone would wait for ever.
  stream.once('close', () => body.destroy());
  return stream.pipe(body);
}
