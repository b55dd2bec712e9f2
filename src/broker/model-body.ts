import type { ModelRoute } from '../policy/model-route.ts';
import { type AskedAnswer, askedAnswer } from './asked-answer.ts';
import { anthropicContentFault, firstFault, openAiContentFault } from './content-check.ts';
import { isObject, type JsonObject, listOf, propertyOf } from './json-object.ts';
import { shapeFault } from './json-shape.ts';
import { toolsFault } from './tool-check.ts';

/** What the sandbox asks of a model, as it is sent on; or why it is not. */
export type BodyReading =
  | {
      readonly ok: true;
      readonly model: string;
      readonly asked: AskedAnswer;
      readonly bytes: Buffer;
    }
  | { readonly ok: false; readonly reason: string };

type Kind = ModelRoute['kind'];

/**
 * Fields that say something about the conversation and nothing about the world outside. A new one
 * may give the provider something to fetch or run, so each is denied until somebody has looked.
 */
const fields: Readonly<Record<Kind, readonly string[]>> = {
  'anthropic-messages':
    'model messages system tools tool_choice max_tokens metadata stop_sequences stream temperature thinking top_k top_p cache_control context_management output_config output_format service_tier'.split(
      ' ',
    ),
  'openai-responses':
    'model input instructions tools tool_choice parallel_tool_calls max_tool_calls stream stream_options store metadata max_output_tokens temperature top_p top_logprobs reasoning text include truncation user safety_identifier prompt_cache_key prompt_cache_retention service_tier client_metadata'.split(
      ' ',
    ),
  'openai-chat':
    'model messages tools tool_choice parallel_tool_calls functions function_call stream stream_options store metadata max_tokens max_completion_tokens temperature top_p n stop seed presence_penalty frequency_penalty logit_bias logprobs top_logprobs user safety_identifier response_format reasoning_effort verbosity prediction prompt_cache_key prompt_cache_retention service_tier'.split(
      ' ',
    ),
};

/** Items of a Responses input that hold what they say. */
const localItems =
  /^(?:additional_tools|(?:message|reasoning|compaction|function_call|custom_tool_call|local_shell_call|apply_patch_call|tool_search_call)(?:_output)?|tool_search_output)$/;

/** Tiers at list price or below; others would cost more than the price table says. */
const tiers = ['auto', 'default', 'flex', 'standard_only'];

/**
 * Reads the body of a request to a model and writes it again, so that the upstream sees what was
 * checked: of two keys with one name, both see the last. Refuses models and fields that the route
 * does not name, and whatever the provider would fetch or run elsewhere, which would make of the
 * model a second way out.
 */
export function readModelBody(bytes: Buffer, route: ModelRoute): BodyReading {
  const shape = shapeFault(bytes);
  if (shape !== undefined) return { ok: false, reason: shape };
  const body = parsed(bytes);
  if (body === undefined) return { ok: false, reason: 'model-malformed' };
  const model = propertyOf(body, 'model');
  if (typeof model !== 'string' || !route.models.includes(model))
    return { ok: false, reason: 'model-not-allowed' };
  const allowed = [...fields[route.kind], ...route.allowFields];
  const said = withoutSilence(body, allowed);
  const reason =
    fieldFault(said, allowed) ?? toolsFault(said['tools'], route) ?? contentFault(said, route);
  if (reason !== undefined) return { ok: false, reason };
  const sent = Buffer.from(JSON.stringify(sentOn(said, route.kind)));
  return { ok: true, model, asked: askedAnswer(said), bytes: sent };
}

function parsed(bytes: Buffer): JsonObject | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    // Whatever is wrong with it, it is not a request.
    return undefined;
  }
}

/**
 * Without what asks for nothing: `null`, and `false` in a field that would be refused. Clients send both for
 * features that they do not use. In a field that is let through `false` may say no (`parallel_tool_calls`).
 */
function withoutSilence(body: JsonObject, allowed: readonly string[]): JsonObject {
  return Object.fromEntries(
    Object.entries(body).filter(
      ([name, value]) => value !== null && (value !== false || allowed.includes(name)),
    ),
  );
}

function fieldFault(body: JsonObject, allowed: readonly string[]): string | undefined {
  const unknown = Object.keys(body).find((name) => !allowed.includes(name));
  if (unknown !== undefined) return `model-field:${unknown}`;
  const tier = body['service_tier'];
  return tier === undefined || tiers.some((known) => known === tier)
    ? undefined
    : 'model-field:service_tier';
}

function contentFault(body: JsonObject, route: ModelRoute): string | undefined {
  const { kind, allowRemote } = route;
  if (kind === 'anthropic-messages') return anthropicFault(body, route);
  if (kind === 'openai-chat')
    return firstFault(messagesOf(body['messages']), (message) =>
      openAiContentFault(propertyOf(message, 'content'), allowRemote),
    );
  return firstFault(messagesOf(body['input']), (item) => itemFault(item, route));
}

function anthropicFault(body: JsonObject, route: ModelRoute): string | undefined {
  const look = {
    allowed: route.allowRemote,
    tools: (tools: unknown) => toolsFault(tools, route),
  };
  return (
    anthropicContentFault(body['system'], look) ??
    firstFault(messagesOf(body['messages']), (message) =>
      anthropicContentFault(propertyOf(message, 'content'), look),
    )
  );
}

function itemFault(item: unknown, route: ModelRoute): string | undefined {
  const allowed = route.allowRemote;
  const type = propertyOf(item, 'type') ?? 'message';
  if (typeof type !== 'string') return 'model-malformed';
  if (allowed.includes(type)) return undefined;
  if (!localItems.test(type)) return `model-content:${type}`;
  return (
    // Items bring tools along too, as those that a search has found.
    toolsFault(propertyOf(item, 'tools'), route) ??
    openAiContentFault(propertyOf(item, 'content'), allowed) ??
    (type === 'local_shell_call_output' || type === 'apply_patch_call_output'
      ? undefined
      : openAiContentFault(propertyOf(item, 'output'), allowed))
  );
}

/** A list, or a text that stands for one message; anything else is looked at as one thing. */
function messagesOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? listOf(value) : typeof value === 'string' ? [] : [value];
}

function sentOn(body: JsonObject, kind: Kind): JsonObject {
  // Kept answers could be read by another task with the same key.
  if (kind === 'openai-responses') return { ...body, store: false };
  if (kind !== 'openai-chat') return body;
  const { store: _store, ...rest } = body;
  if (rest['stream'] !== true) return rest;
  const options = isObject(rest['stream_options']) ? rest['stream_options'] : {};
  // Without this a Chat stream does not say what it used.
  return { ...rest, stream_options: { ...options, include_usage: true } };
}
