import { readFileSync } from 'node:fs';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { ModelApi } from '../../../src/domain/model-api.ts';
import { describeErrors } from '../github/schema-set.ts';
import type { ModelWire } from './model-wire.ts';

type Kind = 'request' | 'event' | 'error';

/** Vendored beside this file: see scripts/trim-model-schemas.ts. */
const files: Readonly<Record<ModelApi, Readonly<Record<Kind, string>>>> = {
  'anthropic-messages': {
    request: 'messages-request',
    event: 'messages-event',
    error: 'messages-error',
  },
  'openai-responses': {
    request: 'responses-request',
    event: 'responses-event',
    error: 'openai-error',
  },
  'openai-chat': { request: 'chat-request', event: 'chat-event', error: 'openai-error' },
};

/** Most faults that are told of one document: a union has many. */
const maxFaults = 5;

/** Checks what is sent, and what is answered, against the types of the provider's own SDK. */
export class WireSchema {
  readonly #api: ModelApi;
  readonly #compiled = new Map<Kind, ValidateFunction>();

  constructor({ api }: Pick<ModelWire, 'api'>) {
    this.#api = api;
  }

  request(body: unknown): readonly string[] {
    return this.#faults('request', body);
  }

  event(data: unknown): readonly string[] {
    return this.#isUntyped(data) ? [] : this.#faults('event', data);
  }

  error(body: unknown): readonly string[] {
    const { error } = body as { readonly error?: unknown };
    return this.#faults('error', this.#api === 'anthropic-messages' ? body : error);
  }

  /** What providers send and no exported type has: the end of a Chat stream, and its errors; `error`, `ping`. */
  #isUntyped(data: unknown): boolean {
    if (data === '[DONE]') return true;
    const { type, error } = data as { readonly type?: unknown; readonly error?: unknown };
    if (this.#api === 'openai-chat') return error !== undefined;
    return this.#api === 'anthropic-messages' && (type === 'error' || type === 'ping');
  }

  #faults(kind: Kind, value: unknown): readonly string[] {
    const validate = this.#compiled.get(kind) ?? compile(files[this.#api][kind]);
    this.#compiled.set(kind, validate);
    if (validate(value)) return [];
    // Of a union each member complains: the one that it was meant to be got furthest.
    const deepest = (validate.errors ?? []).toSorted((a, b) => depthOf(b) - depthOf(a));
    return describeErrors(deepest).slice(0, maxFaults);
  }
}

function compile(name: string): ValidateFunction {
  const file = new URL(`schemas/${name}.json`, import.meta.url);
  return new Ajv({ strict: false }).compile(
    JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>,
  );
}

/** How deep it is; the word that tells the members of a union apart says little. */
function depthOf({ instancePath, keyword }: ErrorObject): number {
  return keyword === 'const' ? 0 : instancePath.split('/').length;
}
