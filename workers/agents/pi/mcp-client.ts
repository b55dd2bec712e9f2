import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { z } from 'zod';

/** Of the protocol, as its specification dates it. */
const protocolVersion = '2025-06-18';

export interface McpCommand {
  readonly command: string;
  readonly args: readonly string[];
}

const Tools = z.object({
  tools: z.array(
    z.looseObject({
      name: z.string(),
      description: z.string().optional(),
      inputSchema: z.record(z.string(), z.unknown()),
    }),
  ),
});
export type McpTool = z.infer<typeof Tools>['tools'][number];

const CallResult = z.looseObject({
  content: z.array(z.looseObject({ type: z.string(), text: z.string().optional() })),
  isError: z.boolean().optional(),
});

const Answer = z.looseObject({
  id: z.number(),
  result: z.unknown(),
  error: z.looseObject({ message: z.string() }).optional(),
});
type Waiting = (answer: z.infer<typeof Answer>) => void;

/** The little of an MCP client that our own server needs: JSON-RPC, a message a line, over its stdin and stdout. */
export class McpClient {
  readonly #server: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;

  constructor({ command, args }: McpCommand) {
    this.#server = spawn(command, args, { stdio: ['pipe', 'pipe', 'ignore'] });
    if (this.#server.stdout !== null)
      createInterface(this.#server.stdout).on('line', (line) => this.#take(line));
    const gone = (): void => this.#fail('the MCP server has ended');
    this.#server.on('error', gone).on('exit', gone);
    this.#server.stdin?.on('error', gone);
  }

  async tools(): Promise<readonly McpTool[]> {
    const clientInfo = { name: 'sallyport-pi', version: '1' };
    await this.#ask('initialize', { protocolVersion, capabilities: {}, clientInfo });
    this.#send({ method: 'notifications/initialized' });
    return Tools.parse(await this.#ask('tools/list', {})).tools;
  }

  /**
   * @returns what the tool says.
   * @throws Error with what it says when it refuses.
   */
  async call(name: string, args: unknown): Promise<string> {
    const result = CallResult.parse(await this.#ask('tools/call', { name, arguments: args }));
    const text = result.content.map((part) => part.text ?? '').join('\n');
    if (result.isError === true) throw new Error(text);
    return text;
  }

  close(): void {
    this.#server.kill();
  }

  #ask(method: string, params: object): Promise<unknown> {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, ({ error, result }) =>
        error === undefined ? resolve(result) : reject(new Error(error.message)),
      );
      this.#send({ id, method, params });
    });
  }

  #send(message: object): void {
    this.#server.stdin?.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  }

  #take(line: string): void {
    const read = Answer.safeParse(JSON.parse(line));
    if (!read.success) return;
    this.#waiting.get(read.data.id)?.(read.data);
    this.#waiting.delete(read.data.id);
  }

  #fail(message: string): void {
    for (const [id, tell] of this.#waiting) tell({ id, result: undefined, error: { message } });
    this.#waiting.clear();
  }
}
