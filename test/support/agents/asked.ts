import { readdirSync, readFileSync } from 'node:fs';
import type { ModelApi } from '../../../src/domain/model-api.ts';
import { PromptPurpose } from '../../../src/domain/purpose.ts';
import { PriorFinding } from '../../../src/protocol/task-input.ts';
import { type JsonBody, textOf } from '../models/model-wire.ts';
import type { ModelRequest } from '../models/scripted-model.ts';
import { say, type Turn } from '../models/turn.ts';
import { type Dialect, dialects, type ModelAgent, modelAgents } from './dialects.ts';

/** One request of an agent's model, read as what an author of scripts wants to know. */
export interface Asked {
  readonly agent: ModelAgent;
  /** How this agent calls its tools. */
  readonly dialect: Dialect;
  /** By the title of the reviewed instructions in the prompt. */
  readonly purpose: PromptPurpose;
  /** All that is told in the user's name: the prompt, and what a program puts around it. */
  readonly prompt: string;
  /** Turns that the model has had in this conversation, from 0. A request that is tried again has the same. */
  readonly turn: number;
  /** What tools answered since the model last spoke. */
  readonly toolResults: readonly string[];
  readonly request: ModelRequest;
}

/** What a model answers, whichever agent asks and for whatever. */
export type AgentScript = (asked: Asked) => Turn | Promise<Turn>;

/** The turn of this conversation out of a list; after the last one the model says that it is done. */
export function inTurn({ turn }: Pick<Asked, 'turn'>, turns: readonly Turn[]): Turn {
  return turns[turn] ?? say('Done.');
}

/** The data of the first section of that name in a prompt: what stands between its fences. */
export function sectionOf({ prompt }: Pick<Asked, 'prompt'>, name: string): string | undefined {
  const section = new RegExp(`^<<<${name} [0-9a-f]+\\n([^]*?)\\n[0-9a-f]+>>>$`, 'm');
  return section.exec(prompt)?.[1];
}

/** The findings that a prompt tells of. */
export function findingsTold(asked: Pick<Asked, 'prompt'>): readonly PriorFinding[] {
  const lines = sectionOf(asked, 'FINDINGS')?.split('\n') ?? [];
  return lines.map((line) => PriorFinding.parse(JSON.parse(line)));
}

/**
 * Reads a request whose path is `/<agent>/v1/…`.
 * @throws Error for an agent that there is none of, and a prompt without our instructions
 */
export function readAsked(request: ModelRequest): Asked {
  const agent = modelAgents.find((name) => request.path.startsWith(`/${name}/`));
  if (agent === undefined) throw new Error(`no agent asks at ${request.path}`);
  const items = itemsOf(request);
  const prompt = items
    .filter(({ role }) => role === 'user')
    .map(({ content }) => textOf(content))
    .join('\n');
  const purpose = [...titles].find(([title]) => prompt.includes(title))?.[1];
  if (purpose === undefined) throw new Error(`a prompt without our instructions:\n${prompt}`);
  const { toolResults } = request;
  const turn = turnsIn(items);
  return { agent, dialect: dialects[agent], purpose, prompt, turn, toolResults, request };
}

const listOf: Readonly<Record<ModelApi, string>> = {
  'anthropic-messages': 'messages',
  'openai-responses': 'input',
  'openai-chat': 'messages',
};

function itemsOf({ api, body }: ModelRequest): readonly JsonBody[] {
  const items = body[listOf[api]];
  return Array.isArray(items) ? (items as JsonBody[]) : [];
}

/** What a model says in one turn stands together. */
function turnsIn(items: readonly JsonBody[]): number {
  return items.filter((item, at) => {
    const before = items[at - 1];
    return isModels(item) && (before === undefined || !isModels(before));
  }).length;
}

function isModels({ role, type }: JsonBody): boolean {
  return role === 'assistant' || /_call$|^reasoning$/.test(String(type));
}

const folder = new URL('../../../policies/instructions/', import.meta.url);

/** First lines of the reviewed instructions. */
const titles = new Map(
  readdirSync(folder).map((name) => {
    const [title = ''] = readFileSync(new URL(name, folder), 'utf8').split('\n');
    return [title, PromptPurpose.parse(name.replace(/\.md$/, ''))] as const;
  }),
);
