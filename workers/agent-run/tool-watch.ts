import { mkdir } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import type { AgentEvent } from '../../src/protocol/agent-event.ts';
import { toolsLeft, toolsListed, toolsSeen } from '../../src/protocol/tool-watch.ts';

/** An agent that works on for longer, after it has closed its tools, did not close them because it was done. */
const maxClosingMs = 10_000;

/**
 * Knows whether an agent has the tools by which it reports. Some agents go on without them, and one that cannot report
 * looks like one that found nothing. Every process of the sandbox that has the server's user can end it.
 */
export class ToolWatch {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** Of servers whose tools the agent has. */
  readonly #listed = new Set<Socket>();
  readonly #nowMs: () => number;
  #isListed = false;
  #isLost = false;
  #leftAtMs: number | undefined;
  #fault: string | undefined;

  private constructor(server: Server, nowMs: () => number) {
    this.#server = server;
    this.#nowMs = nowMs;
    server.on('connection', (socket) => this.#follow(socket));
  }

  /** Listens at a place for the servers that an agent starts. */
  static async start(place: string, nowMs = () => performance.now()): Promise<ToolWatch> {
    await mkdir(dirname(place), { recursive: true });
    const server = createServer();
    const watch = new ToolWatch(server, nowMs);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(place, resolve);
    });
    return watch;
  }

  /**
   * Looks at the tools whenever the agent says that it is done: when it has, it ends their server itself, and what it
   * said may come to us after that. So a server that its agent closed is not a lost one.
   */
  take(events: readonly AgentEvent[]): void {
    if (events.some(({ kind }) => kind === 'end')) this.#fault = this.#faultNow();
  }

  /** Why the agent's work may not be whole, although it says so; undefined: it had its tools to its end, which is now. */
  get fault(): string | undefined {
    return this.#fault ?? this.#closedEarly();
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #faultNow(): string | undefined {
    if (!this.#isListed) return 'worked without its tools: it never asked their server for them';
    return this.#isLost ? 'lost its tools while it worked: their server ended' : undefined;
  }

  #closedEarly(): string | undefined {
    if (this.#leftAtMs === undefined || this.#listed.size > 0) return undefined;
    const isLong = this.#nowMs() - this.#leftAtMs > maxClosingMs;
    return isLong ? 'closed its tools and worked on without them' : undefined;
  }

  #follow(socket: Socket): void {
    this.#sockets.add(socket);
    socket.setEncoding('utf8');
    socket.on('data', (words: string) => {
      if (words.includes(toolsListed)) {
        this.#isListed = true;
        this.#listed.add(socket);
        // Whoever lists twice is answered twice.
        socket.write(toolsSeen);
      }
      if (words.includes(toolsLeft) && this.#listed.delete(socket)) this.#leftAtMs = this.#nowMs();
    });
    const lose = (): void => {
      this.#sockets.delete(socket);
      if (this.#listed.delete(socket)) this.#isLost = true;
    };
    socket.on('error', lose);
    socket.once('end', lose);
    socket.once('close', lose);
  }
}
