import { mkdir } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import type { AgentEvent } from '../../src/protocol/agent-event.ts';
import { toolsSeen } from '../../src/protocol/tool-watch.ts';

/**
 * Knows whether an agent has the tools by which it reports. Some agents go on without them, and one that cannot report
 * looks like one that found nothing. Every process of the sandbox that has the server's user can end it.
 */
export class ToolWatch {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isListed = false;
  #isLost = false;
  #fault: string | undefined;

  private constructor(server: Server) {
    this.#server = server;
    server.on('connection', (socket) => this.#follow(socket));
  }

  /** Listens at a place for the servers that an agent starts. */
  static async start(place: string): Promise<ToolWatch> {
    await mkdir(dirname(place), { recursive: true });
    const server = createServer();
    const watch = new ToolWatch(server);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(place, resolve);
    });
    return watch;
  }

  /** Looks at the tools whenever the agent says that it is done: when it has, it ends their server itself. */
  take(events: readonly AgentEvent[]): void {
    if (events.some(({ kind }) => kind === 'end')) this.#fault = this.#faultNow();
  }

  /** Why the agent's work may not be whole, although it says so; undefined: it had its tools to its end. */
  get fault(): string | undefined {
    return this.#fault;
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #faultNow(): string | undefined {
    if (!this.#isListed) return 'worked without its tools: it never asked their server for them';
    return this.#isLost ? 'lost its tools while it worked: their server ended' : undefined;
  }

  #follow(socket: Socket): void {
    this.#sockets.add(socket);
    let hasListed = false;
    // Whoever lists twice is answered twice.
    socket.on('data', () => {
      hasListed = true;
      this.#isListed = true;
      socket.write(toolsSeen);
    });
    const lose = (): void => {
      this.#sockets.delete(socket);
      if (hasListed) this.#isLost = true;
    };
    socket.on('error', lose);
    socket.once('end', lose);
    socket.once('close', lose);
  }
}
