import type { ModelRoute } from '../policy/model-route.ts';
import { listOf, propertyOf } from './json-object.ts';
import { isWord } from './provider-fault.ts';

/** What an answer says that came as a good one. */
export interface ProviderSaid {
  /** It broke off: the provider's word for why. */
  readonly error?: string;
  /** The model would not answer: by which category, where it says so. */
  readonly refusal?: string;
}

const nothing: ProviderSaid = {};

/** Reads one event of a stream, or an answer that came as a whole. */
export function saidIn(kind: ModelRoute['kind'], said: unknown): ProviderSaid {
  const type = propertyOf(said, 'type');
  const error = propertyOf(said, 'error');
  if (kind === 'openai-responses') return ofResponses(said);
  // Anthropic's `error` event, and the chunk that OpenAI-compatible servers send in place of the next one.
  if (type === 'error' || (kind === 'openai-chat' && error !== undefined && error !== null))
    return { error: firstWord(propertyOf(error, 'code'), propertyOf(error, 'type')) };
  return kind === 'openai-chat' ? ofChat(said) : ofAnthropic(said);
}

function ofAnthropic(said: unknown): ProviderSaid {
  const message = propertyOf(said, 'type') === 'message_delta' ? propertyOf(said, 'delta') : said;
  if (propertyOf(message, 'stop_reason') !== 'refusal') return nothing;
  return { refusal: firstWord(propertyOf(propertyOf(message, 'stop_details'), 'category')) };
}

function ofResponses(said: unknown): ProviderSaid {
  const type = propertyOf(said, 'type');
  if (type === 'error') return { error: firstWord(propertyOf(said, 'code')) };
  if (type === 'response.refusal.done') return { refusal: 'refusal' };
  const response = propertyOf(said, 'response') ?? said;
  const code = propertyOf(propertyOf(response, 'error'), 'code');
  if (code !== undefined) return { error: firstWord(code) };
  const reason = propertyOf(propertyOf(response, 'incomplete_details'), 'reason');
  if (reason === 'content_filter') return { refusal: reason };
  const parts = listOf(propertyOf(response, 'output')).flatMap((item) =>
    listOf(propertyOf(item, 'content')),
  );
  return parts.some((part) => propertyOf(part, 'type') === 'refusal')
    ? { refusal: 'refusal' }
    : nothing;
}

function ofChat(said: unknown): ProviderSaid {
  for (const choice of listOf(propertyOf(said, 'choices'))) {
    if (propertyOf(choice, 'finish_reason') === 'content_filter')
      return { refusal: 'content_filter' };
    const message = propertyOf(choice, 'message') ?? propertyOf(choice, 'delta');
    const refusal = propertyOf(message, 'refusal');
    if (typeof refusal === 'string' && refusal !== '') return { refusal: 'refusal' };
  }
  return nothing;
}

function firstWord(...words: readonly unknown[]): string {
  return words.find(isWord) ?? 'unnamed';
}
