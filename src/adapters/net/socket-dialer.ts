import { once } from 'node:events';
import { isIP, connect as tcpConnect } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as tlsConnect } from 'node:tls';
import type { Destination, Dialer } from '../../ports/network.ts';

/** Connects by TCP, and by TLS 1.2 or newer where a server name is given. */
export class SocketDialer implements Dialer {
  readonly #ca: readonly string[] | undefined;

  /** `ca`: PEM certificates to trust instead of the well-known ones, for an operator's own authority. */
  constructor(options: { readonly ca?: readonly string[] } = {}) {
    this.#ca = options.ca;
  }

  async connect(destination: Destination, signal: AbortSignal): Promise<Duplex> {
    const { address, port, serverName } = destination;
    signal.throwIfAborted();
    const { address: host, family } = address;
    // Half open: a sandbox that has said all may still be answered.
    const socket = tcpConnect({ host, family, port, allowHalfOpen: true, noDelay: true });
    await opened(socket, 'connect', signal);
    if (serverName === undefined) return socket;
    const secured = tlsConnect({
      socket,
      ...(isIP(serverName) === 0 ? { servername: serverName } : { host: serverName }),
      ALPNProtocols: ['http/1.1'],
      minVersion: 'TLSv1.2',
      ...(this.#ca === undefined ? {} : { ca: [...this.#ca] }),
    });
    // Its faults come out of the TLS socket; a second one would end the process.
    socket.on('error', () => undefined);
    secured.on('close', () => socket.destroy());
    return opened(secured, 'secureConnect', signal);
  }
}

async function opened<S extends Duplex>(socket: S, event: string, signal: AbortSignal): Promise<S> {
  try {
    await once(socket, event, { signal });
    return socket;
  } catch (error) {
    socket.on('error', () => undefined).destroy();
    throw error;
  }
}
