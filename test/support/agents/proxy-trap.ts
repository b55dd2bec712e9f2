import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A proxy that lets nothing through and remembers what was asked of it. */
export class ProxyTrap {
  /** `METHOD target`, in order. */
  readonly asked: string[] = [];
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      this.asked.push(`${request.method} ${request.url}`);
      response.writeHead(403).end();
    });
    this.#server.on('connect', (request, socket) => {
      this.asked.push(`CONNECT ${request.url}`);
      socket.on('error', () => undefined);
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    });
  }

  static async start(): Promise<ProxyTrap> {
    const trap = new ProxyTrap();
    await new Promise<void>((resolve) => {
      trap.#server.listen(0, '127.0.0.1', resolve);
    });
    return trap;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
