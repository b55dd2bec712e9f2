import { type IncomingHttpHeaders, STATUS_CODES } from 'node:http';
import { type ClientHttp2Stream, constants, type IncomingHttpStatusHeader } from 'node:http2';
import type { Duplex } from 'node:stream';
import type { AgentStreams } from './open-stream.ts';
import type { Target } from './read-target.ts';
import { refusalText } from './refusal.ts';

/** Makes a tunnel of a CONNECT: bytes both ways, each side as fast as the other takes them. */
export function forwardTunnel(
  streams: AgentStreams,
  { socket, head }: { readonly socket: Duplex; readonly head: Buffer },
  target: Target,
): void {
  socket.on('error', () => undefined);
  if (!target.ok) {
    refuse(socket, target.status, refusalText(target.reason));
    return;
  }
  const { authority } = target;
  const stream = streams.open({ ':method': 'CONNECT', ':authority': authority }, false);
  if (stream === undefined) {
    refuse(socket, 503, refusalText('too-many-at-once'));
    return;
  }
  socket.on('close', () => {
    if (!stream.closed) stream.close(constants.NGHTTP2_CANCEL);
  });
  stream.on('response', (headers: IncomingHttpHeaders & IncomingHttpStatusHeader) => {
    if (headers[':status'] === 200) join(stream, { socket, head });
    else passRefusal(stream, socket, headers[':status'] ?? 502);
  });
  stream.on('close', () => {
    // After an orderly end the socket still has to send what it holds; anything else breaks it off.
    if (stream.rstCode !== constants.NGHTTP2_NO_ERROR) socket.destroy();
    else if (!socket.writableEnded) socket.end();
  });
}

function join(
  stream: ClientHttp2Stream,
  { socket, head }: { readonly socket: Duplex; readonly head: Buffer },
): void {
  socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
  if (head.length > 0) stream.write(head);
  socket.pipe(stream);
  stream.pipe(socket);
}

/** The control plane's words, as far as they are short; it has no others. */
function passRefusal(stream: ClientHttp2Stream, socket: Duplex, status: number): void {
  let text = '';
  stream.setEncoding('utf8');
  stream.on('data', (piece: string) => {
    text = (text + piece).slice(0, 4096);
  });
  stream.on('end', () => refuse(socket, status, text));
}

function refuse(socket: Duplex, status: number, text: string): void {
  if (socket.destroyed || socket.writableEnded) return;
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Refused'}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(text)}`,
    'connection: close',
  ];
  socket.end(`${lines.join('\r\n')}\r\n\r\n${text}`);
}
