import { McpClient, type McpCommand } from './mcp-client.ts';

/** The part of pi's extension API that is used here. */
interface Pi {
  registerTool(tool: {
    readonly name: string;
    readonly label: string;
    readonly description: string;
    readonly parameters: unknown;
    execute(id: string, args: unknown): Promise<ToolAnswer>;
  }): void;
  on(event: 'session_shutdown', listener: () => void): void;
}

interface ToolAnswer {
  readonly content: readonly { readonly type: 'text'; readonly text: string }[];
  readonly details: object;
}

/** Gives pi, which knows no MCP, the tools of one MCP server. */
export async function offerTools(pi: Pi, command: McpCommand): Promise<void> {
  const client = new McpClient(command);
  for (const { name, description = name, inputSchema } of await client.tools()) {
    pi.registerTool({
      name: `mcp__sallyport__${name}`,
      label: name,
      description,
      parameters: inputSchema,
      execute: async (_id, args) => ({
        content: [{ type: 'text', text: await client.call(name, args) }],
        details: {},
      }),
    });
  }
  pi.on('session_shutdown', () => client.close());
}
