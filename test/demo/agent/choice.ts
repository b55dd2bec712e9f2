import type { ModelApi } from '../../../src/domain/model-api.ts';
import { type ModelAgent, modelAgents } from '../../support/agents/dialects.ts';

/** Who answers for a model, and how it is asked. */
export interface Provider {
  readonly api: ModelApi;
  readonly url: string;
  readonly path: string;
  readonly header: 'x-api-key' | 'authorization-bearer';
  /** The variable that a person keeps the key in. */
  readonly variable: string;
  /** Of `policies/prices.yml`. */
  readonly model: string;
}

const anthropic: Provider = {
  api: 'anthropic-messages',
  url: 'https://api.anthropic.com',
  path: '/v1/messages',
  header: 'x-api-key',
  variable: 'ANTHROPIC_API_KEY',
  model: 'claude-sonnet-5-5',
};
const openai: Provider = {
  api: 'openai-responses',
  url: 'https://api.openai.com',
  path: '/v1/responses',
  header: 'authorization-bearer',
  variable: 'OPENAI_API_KEY',
  model: 'gpt-5.5',
};

const providers: Readonly<Record<ModelAgent, Provider>> = {
  'claude-code': anthropic,
  codex: openai,
  opencode: anthropic,
  pi: anthropic,
};

/** An agent that the demo is played with, in place of the linters. */
export interface AgentChoice {
  readonly name: ModelAgent;
  readonly provider: Provider;
  /** The key of a person's own; null: a script plays the model, and nobody's key is needed. */
  readonly liveKey: string | null;
}

/**
 * What `--agent` and `--model` ask for; null for the linters.
 * @throws Error that says what is wrong, for the person who typed it
 */
export function chooseAgent(
  { agent, model }: { readonly agent?: string | undefined; readonly model?: string | undefined },
  env: NodeJS.ProcessEnv,
): AgentChoice | null {
  if (agent === undefined || agent === 'linters') {
    if (model === undefined) return null;
    throw new Error('--model goes with an agent that asks one: --agent claude-code');
  }
  const name = modelAgents.find((one) => one === agent);
  if (name === undefined)
    throw new Error(`no agent ${agent}: name one of linters, ${modelAgents.join(', ')}`);
  const provider = providers[name];
  if (model === undefined || model === 'scripted') return { name, provider, liveKey: null };
  if (model === 'live') return { name, provider, liveKey: keyOf(provider, env) };
  throw new Error(`--model takes scripted or live, and not ${model}`);
}

function keyOf({ url, variable }: Provider, env: NodeJS.ProcessEnv): string {
  const key = env[variable]?.trim() ?? '';
  if (key !== '') return key;
  throw new Error(
    `--model live asks ${url} and needs your key in ${variable}; it stays outside the sandbox, ` +
      'and a run costs some cents. Without one: --model scripted',
  );
}
