import { type CallToolResult, McpServer } from '@modelcontextprotocol/server';
import { type AgentTool, Refusal } from './agent-tool.ts';

/** What agents call the server by: tools are then named `mcp__sallyport__report_finding` or alike. */
const serverName = 'sallyport';

/** A server with these tools. Arguments are looked at by the tools alone, which say in words what is wrong. */
export function makeServer(tools: readonly AgentTool[], version: string): McpServer {
  const server = new McpServer({ name: serverName, version });
  for (const tool of tools) {
    const { name, description, schema, isReading } = tool;
    const annotations = {
      readOnlyHint: isReading,
      destructiveHint: false,
      openWorldHint: false,
    };
    const inputSchema = { '~standard': { ...schema['~standard'], validate: asGiven } };
    server.registerTool(name, { description, inputSchema, annotations }, (given) =>
      answerOf(tool, given),
    );
  }
  return server;
}

function asGiven(value: unknown): { readonly value: unknown } {
  return { value };
}

function answerOf(tool: AgentTool, given: unknown): CallToolResult {
  try {
    return { content: [{ type: 'text', text: tool.answer(given) }] };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const text = error instanceof Refusal ? error.message : `That failed: ${code ?? String(error)}`;
    return { content: [{ type: 'text', text: text.slice(0, 2_000) }], isError: true };
  }
}
