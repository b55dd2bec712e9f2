import { afterEach } from 'vitest';
import { type AgentProxy, startProxy } from '../../../workers/supervisor/proxy/start-proxy.ts';
import { waitFor } from '../wait-for.ts';
import type { Scene } from './broker-scene.ts';
import { RawClient } from './raw-client.ts';
import { Upstream } from './upstream.ts';

/** An upstream that is asked through the supervisor's proxy, by a client that writes its own segments. */
export class ProxiedUpstream extends Upstream {
  #proxy: AgentProxy | undefined;
  #client: RawClient | undefined;

  constructor() {
    super();
    afterEach(async () => {
      this.#client?.socket.destroy();
      await this.#proxy?.close();
    });
  }

  /** Starts a broker and a proxy before it, and connects a client. */
  async start(limits: object = {}): Promise<Scene> {
    const scene = this.open({ limits: { requests: 2_000, connections: 2_000, ...limits } });
    const open = scene.session.request.bind(scene.session);
    const ports = { proxyPort: 0, modelPort: 0 };
    this.#proxy = await startProxy((headers, options) => open(headers, options), ports);
    await this.reconnect();
    return scene;
  }

  /** The client connected last. */
  get client(): RawClient {
    if (this.#client === undefined) throw new Error('nobody has connected');
    return this.#client;
  }

  async reconnect(): Promise<void> {
    this.#client?.socket.destroy();
    this.#client = await RawClient.to(this.#proxy?.proxyPort ?? 0);
  }

  /** The head of a request for the upstream. */
  head(method: string, ...lines: string[]): string {
    return [`${method} ${this.url('/')} HTTP/1.1`, 'Host: x', ...lines, '', ''].join('\r\n');
  }
}

/** The broker's side of the wire holds nothing any more of what is over. */
export async function allClosed({ openStreams }: Scene): Promise<void> {
  await waitFor('the end of all streams', () => (openStreams.size === 0 ? true : undefined));
}
