import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { z } from 'zod';

/** The part of pi's extension API that is used here. */
interface Pi {
  registerTool(tool: {
    readonly name: string;
    readonly label: string;
    readonly description: string;
    readonly parameters: unknown;
    execute(id: string, args: unknown): Promise<ToolAnswer>;
  }): void;
  on(event: 'session_shutdown', listener: () => Promise<void>): void;
}

interface ToolAnswer {
  readonly content: readonly { readonly type: 'text'; readonly text: string }[];
  readonly details: object;
}

/** How an MCP server is started. */
interface McpCommand {
  readonly command: string;
  readonly args: readonly string[];
}

const Arguments = z.record(z.string(), z.unknown());

/** Gives pi, which knows no MCP, the tools of one MCP server. */
export async function offerTools(pi: Pi, { command, args }: McpCommand): Promise<void> {
  const client = new Client({ name: 'sallyport-pi', version: '1' });
  await client.connect(new StdioClientTransport({ command, args: [...args], stderr: 'ignore' }));
  const { tools } = await client.listTools();
  for (const { name, description = name, inputSchema } of tools) {
    pi.registerTool({
      name: `mcp__sallyport__${name}`,
      label: name,
      description,
      parameters: inputSchema,
      execute: async (_id, given) => ({
        content: [{ type: 'text', text: await call(client, name, given) }],
        details: {},
      }),
    });
  }
  pi.on('session_shutdown', () => client.close());
}

/** What a tool says. @throws Error with what it says when it refuses: pi then shows the model a failed call. */
async function call(client: Client, name: string, given: unknown): Promise<string> {
  const { content, isError } = await client.callTool({ name, arguments: Arguments.parse(given) });
  const text = content.map((part) => (part.type === 'text' ? part.text : '')).join('\n');
  if (isError === true) throw new Error(text);
  return text;
}
