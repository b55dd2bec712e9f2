import { appendFileSync, existsSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** Where the stand-in looks, and writes. */
export interface McpPlaces {
  readonly workspace: string;
  readonly journal: string;
}

type Args = Readonly<Record<string, unknown>>;

const string = { type: 'string' };
const number = { type: 'integer' };
const tools = [
  {
    name: 'report_finding',
    description: 'Report one finding.',
    inputSchema: {
      type: 'object',
      properties: {
        path: string,
        rule: string,
        severity: { type: 'string', enum: ['info', 'warning', 'error'] },
        message: string,
        range: { type: 'object', properties: { startLine: number, endLine: number } },
      },
      required: ['path', 'rule', 'severity', 'message'],
    },
  },
];

/** An MCP server on stdin and stdout with `report_finding` alone, for tests of how agents reach it. */
export function serveStandIn(places: McpPlaces): void {
  createInterface(process.stdin).on('line', (line) => {
    const { id, method, params } = JSON.parse(line) as {
      id?: number;
      method: string;
      params?: Args;
    };
    if (id === undefined) return;
    const result = answer(method, params ?? {}, places);
    process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, ...result })}\n`);
  });
}

function answer(method: string, params: Args, places: McpPlaces): object {
  if (method === 'initialize') {
    const serverInfo = { name: 'stand-in', version: '1' };
    const { protocolVersion } = params;
    return { result: { protocolVersion, capabilities: { tools: {} }, serverInfo } };
  }
  if (method === 'tools/list') return { result: { tools } };
  if (method === 'ping') return { result: {} };
  if (method !== 'tools/call') return { error: { code: -32_601, message: 'no such method' } };
  return { result: report(params['arguments'] as Args, places) };
}

function report(finding: Args, { workspace, journal }: McpPlaces): object {
  const path = String(finding['path']);
  const text = (words: string): object[] => [{ type: 'text', text: words }];
  if (!existsSync(`${workspace}/${path}`))
    return { isError: true, content: text(`path: there is no file ${path}`) };
  appendFileSync(journal, `${JSON.stringify(finding)}\n`);
  return { content: text('reported') };
}
