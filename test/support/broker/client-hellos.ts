import { once } from 'node:events';
import { duplexPair } from 'node:stream';
import { connect } from 'node:tls';

/** The first bytes of a real TLS client. */
export async function captureHello(servername: string | undefined): Promise<Buffer> {
  const [near, far] = duplexPair();
  const socket = connect({ socket: near, ...(servername && { servername }) });
  socket.on('error', () => undefined);
  const [bytes] = (await once(far, 'data')) as [Buffer];
  socket.destroy();
  return bytes;
}
