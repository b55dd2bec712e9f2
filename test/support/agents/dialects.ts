import type { ModelApi } from '../../../src/domain/model-api.ts';
import type { ToolCall } from '../models/turn.ts';

/** Agents whose program asks a model. */
export const modelAgents = ['claude-code', 'codex', 'opencode', 'pi'] as const;
export type ModelAgent = (typeof modelAgents)[number];

/** What an agent calls its tools, and which model it is asked to use. */
export interface Dialect {
  readonly api: ModelApi;
  readonly model: string;
  readonly shell: (command: string) => ToolCall;
  /** A file, by the tool that the agent has for it; from the top of the workspace. */
  readonly read: (name: string) => ToolCall;
  /** A new file at the top of the workspace. */
  readonly write: (workspace: string, name: string, content: string) => ToolCall;
  /** A finding as JSON has it. */
  readonly report: (finding: object) => ToolCall;
  /** Any tool of our MCP server, by its own name. */
  readonly mcp: (tool: string, args: object) => ToolCall;
}

export const dialects: Readonly<Record<ModelAgent, Dialect>> = {
  'claude-code': {
    api: 'anthropic-messages',
    model: 'claude-sonnet-4-5',
    shell: (command) => ({ name: 'Bash', args: { command, description: 'run it' } }),
    read: (name) => ({ name: 'Read', args: { file_path: name } }),
    write: (workspace, name, content) => ({
      name: 'Write',
      args: { file_path: `${workspace}/${name}`, content },
    }),
    ...mcpTools((tool, args) => ({ name: `mcp__sallyport__${tool}`, args })),
  },
  codex: {
    api: 'openai-responses',
    model: 'gpt-5.5',
    shell: (cmd) => ({ name: 'exec_command', args: { cmd } }),
    read: (name) => ({ name: 'exec_command', args: { cmd: `cat ${name}` } }),
    write: (_workspace, name, content) => ({
      name: 'apply_patch',
      isFreeForm: true,
      args: `*** Begin Patch\n*** Add File: ${name}\n+${content.trimEnd()}\n*** End Patch\n`,
    }),
    ...mcpTools((name, args) => ({ name, namespace: 'mcp__sallyport', args })),
  },
  opencode: {
    api: 'openai-chat',
    model: 'some-model',
    shell: (command) => ({ name: 'bash', args: { command, description: 'run it' } }),
    read: (name) => ({ name: 'read', args: { filePath: name } }),
    write: (workspace, name, content) => ({
      name: 'write',
      args: { filePath: `${workspace}/${name}`, content },
    }),
    ...mcpTools((tool, args) => ({ name: `sallyport_${tool}`, args })),
  },
  pi: {
    api: 'anthropic-messages',
    model: 'some-model',
    shell: (command) => ({ name: 'bash', args: { command } }),
    read: (name) => ({ name: 'read', args: { path: name } }),
    write: (_workspace, name, content) => ({ name: 'write', args: { path: name, content } }),
    ...mcpTools((tool, args) => ({ name: `mcp__sallyport__${tool}`, args })),
  },
};

function mcpTools(mcp: Dialect['mcp']): Pick<Dialect, 'mcp' | 'report'> {
  return { mcp, report: (finding) => mcp('report_finding', finding) };
}
