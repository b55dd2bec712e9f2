import type { AgentOrder } from '../../agent-run/agent-adapter.ts';

/** Parts of Codex that ask somebody else than the model, wait for a person, or read what a repository says. */
const off = [
  'plugins',
  'apps',
  'remote_plugin',
  'hooks',
  'goals',
  'multi_agent',
  'image_generation',
  'browser_use',
  'computer_use',
  'shell_snapshot',
  'tool_search_always_defer_mcp_tools',
  // Without end it would wait for a network that there never is.
  'unbounded_connection_retries',
];

/** Its `config.toml`. A string of JSON is one of TOML too. */
export function codexConfig({ model, modelUrl, mcp }: AgentOrder): string {
  const text = JSON.stringify;
  return [
    `model = ${text(model.name)}`,
    'model_provider = "sallyport"',
    'approval_policy = "never"',
    'sandbox_mode = "danger-full-access"',
    'web_search = "disabled"',
    'check_for_update_on_startup = false',
    // AGENTS.md and skills steer: what of them counts is in the prompt.
    'project_doc_max_bytes = 0',
    '[analytics]',
    'enabled = false',
    '[skills]',
    'include_instructions = false',
    '[skills.bundled]',
    'enabled = false',
    '[features]',
    ...off.map((name) => `${name} = false`),
    // A provider by another name than OpenAI's own is not asked by WebSocket.
    '[model_providers.sallyport]',
    'name = "sallyport"',
    `base_url = ${text(`${modelUrl}/v1`)}`,
    'env_key = "SALLYPORT_MODEL_KEY"',
    'wire_api = "responses"',
    'request_max_retries = 1',
    'stream_max_retries = 1',
    '[mcp_servers.sallyport]',
    `command = ${text(mcp.command)}`,
    `args = ${text(mcp.args)}`,
    'default_tools_approval_mode = "approve"',
    'required = true',
    '',
  ].join('\n');
}
