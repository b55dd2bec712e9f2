import { randomBytes } from 'node:crypto';
import { parse, stringify } from 'yaml';
import { type AgentScript, readAsked } from '../support/agents/asked.ts';
import { dialects, type ModelAgent } from '../support/agents/dialects.ts';
import { agentImage } from '../support/images/agent-image.ts';
import { keyOf, ScriptedModel } from '../support/models/scripted-model.ts';
import { type System, type SystemOptions, startSystem } from './system.ts';

/** An operator's policy, or a part of one, as YAML has it. */
export type PolicyText = Readonly<Record<string, unknown>>;

/** What the system of a test is to be. */
export interface AgentSystemOptions extends Pick<SystemOptions, 'base' | 'head' | 'ghes'> {
  /** Those that tasks may have, besides `linters` and `command`. Their images are built unless they are there. */
  readonly agents: readonly ModelAgent[];
  /** What their models answer. */
  readonly script: AgentScript;
  /** The tasks of the policy. One whose agent is not the first of `agents` says `model: { route: <agent> }`. */
  readonly tasks: PolicyText;
  /** Keys in place of those of the default policy. */
  readonly policy?: PolicyText;
  /** Keys of the model route of an agent, besides those that it has: `limits`, `retry`. */
  readonly routes?: Readonly<Partial<Record<ModelAgent, PolicyText>>>;
  readonly env?: Readonly<Record<string, string>>;
}

/** A system whose agents are real, and whose model is a script. */
export interface AgentSystem {
  readonly system: System;
  readonly model: ScriptedModel;
  /** The provider's key. */
  readonly key: string;
  /**
   * Stops all of it.
   * @throws Error when anything was asked that is not of a provider's API, or with another key, or of GitHub what it
   * does not have
   */
  readonly close: () => Promise<void>;
}

const credential = 'scripted-model';

/** Starts a system. For a hook with the time `buildImageMs` of test/support/images/agent-image.ts. */
export async function startAgentSystem(options: AgentSystemOptions): Promise<AgentSystem> {
  const images: string[] = [];
  for (const agent of options.agents) images.push(`${agent}=${await agentImage(agent)}`);
  const key = `sk-scripted-${randomBytes(16).toString('hex')}`;
  const script = options.script;
  const model = await ScriptedModel.start({ script: (request) => script(readAsked(request)), key });
  const { base, head, ghes } = options;
  const system = await startSystem({
    ...(base === undefined ? {} : { base }),
    ...(head === undefined ? {} : { head }),
    ...(ghes === undefined ? {} : { ghes }),
    policy: (text) => {
      const policy = policyOf(parse(text) as PolicyText, options, model.url);
      // A policy has no anchors.
      return stringify(policy, { aliasDuplicateObjects: false });
    },
    env: {
      SALLYPORT_AGENT_IMAGES: images.join(','),
      [`SALLYPORT_CREDENTIAL_${credential.toUpperCase().replaceAll('-', '_')}`]: key,
      ...options.env,
    },
  }).catch(async (error: unknown) => {
    await model.close();
    throw error;
  });
  return { system, model, key, close: () => close({ system, model, key }) };
}

function policyOf(
  plain: PolicyText,
  { agents, tasks, policy = {}, routes = {} }: AgentSystemOptions,
  modelUrl: string,
): PolicyText {
  const egress = {
    ...(plain['egress'] as PolicyText),
    modelRoutes: agents.map((agent) => ({ ...routeOf(agent, modelUrl), ...routes[agent] })),
    allowAddresses: ['127.0.0.0/8'],
  };
  return { ...plain, agents: ['linters', 'command', ...agents], egress, ...policy, tasks };
}

/** Named as its agent, so that several of one API are told apart. */
function routeOf(agent: ModelAgent, modelUrl: string): PolicyText {
  const { api, model } = dialects[agent];
  return {
    id: agent,
    kind: api,
    authority: `${agent}.model.sallyport.internal`,
    upstream: `${modelUrl}/${agent}`,
    credential: {
      name: credential,
      header: api === 'anthropic-messages' ? 'x-api-key' : 'authorization-bearer',
    },
    paths: [pathOf[api]],
    models: [model],
    limits: { tokens: 10_000_000, costMicroUsd: 100_000_000 },
    unpriced: 'allow',
  };
}

const pathOf = {
  'anthropic-messages': '/v1/messages',
  'openai-responses': '/v1/responses',
  'openai-chat': '/v1/chat/completions',
} as const;

async function close({ system, model, key }: Omit<AgentSystem, 'close'>): Promise<void> {
  await system.stop();
  await model.close();
  const faults = [
    ...model.strays.map((stray) => `the model was asked for ${stray}`),
    ...[...model.requests, ...model.sideRequests]
      .filter((request) => keyOf(request) !== key)
      .map(({ path }) => `${path} was asked with another key`),
    ...system.standIn.violations.map((violation) => JSON.stringify(violation)),
  ];
  if (faults.length > 0) throw new Error(faults.join('\n'));
}
