import { connect, type Socket } from 'node:net';
import type { JSONRPCMessage } from '@modelcontextprotocol/server';
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import { toolsLeft, toolsListed } from '../../src/protocol/tool-watch.ts';

/**
 * Stdio of a server whose harness wants to know whether its agent has tools: it hears of them before the agent does,
 * and while the connection stands the server lives. An agent that is done closes our stdin or interrupts us, which the
 * harness is told of as well. Without a harness the agent is served all the same.
 */
export class WatchedStdio extends StdioServerTransport {
  readonly #harness: Socket;

  /** @param place of the harness' socket */
  constructor(place: string) {
    super();
    this.#harness = connect(place);
    this.#harness.on('error', () => undefined);
    // It is no reason to live on.
    this.#harness.unref();
    process.stdin.once('end', () => this.#leave());
    process.once('SIGINT', () => {
      this.#leave();
      process.exit(130);
    });
  }

  /** So few bytes are with the harness before this process can end. */
  #leave(): void {
    if (!this.#harness.closed) this.#harness.write(toolsLeft);
  }

  override async send(message: JSONRPCMessage): Promise<void> {
    if (isToolList(message)) await this.#tell();
    await super.send(message);
  }

  #tell(): Promise<void> {
    const harness = this.#harness;
    if (harness.closed) return Promise.resolve();
    return new Promise((resolve) => {
      harness.once('data', () => resolve());
      harness.once('close', () => resolve());
      harness.write(toolsListed);
    });
  }
}

function isToolList(message: JSONRPCMessage): boolean {
  return 'result' in message && Array.isArray(message.result['tools']);
}
