import type { ModelRoute } from '../policy/model-route.ts';
import { isObject, listOf, propertyOf } from './json-object.ts';
import { noTokens, sumOfTokens, type TokenCounts } from './model-usage.ts';

type Kind = ModelRoute['kind'];

/** More tokens than any answer has: a number above it is no count. */
const maxCount = 1_000_000_000;

/** What an event, or a whole answer, says of usage. */
export interface UsageNews {
  /** The counts it gives; undefined where it gives none. */
  readonly counts: Partial<TokenCounts> | undefined;
  /** Nothing more will come. */
  readonly isFinal: boolean;
  /** Characters that the model wrote. */
  readonly written: number;
}

/**
 * What a provider used besides the turn itself: to sum up a conversation that grew too long, which stands in
 * `usage.iterations` of Anthropic's beta and not in its totals. Undefined where the event says nothing of it.
 */
export function usageBeside(kind: Kind, event: unknown): TokenCounts | undefined {
  if (kind !== 'anthropic-messages') return undefined;
  const usage = propertyOf(event, 'usage') ?? propertyOf(propertyOf(event, 'message'), 'usage');
  const turns = listOf(propertyOf(usage, 'iterations'))
    .filter((one) => propertyOf(one, 'type') === 'compaction')
    .map((one) => ({ ...noTokens, ...ofAnthropic(one) }));
  return turns.length === 0 ? undefined : turns.reduce(sumOfTokens);
}

/** Reads one event of a stream. */
export function usageOfEvent(kind: Kind, event: unknown): UsageNews {
  if (kind === 'anthropic-messages') return ofAnthropicEvent(event);
  if (kind === 'openai-chat') {
    const counts = ofChat(propertyOf(event, 'usage'));
    const choices = listOf(propertyOf(event, 'choices'));
    const written = textIn(choices.map((choice) => propertyOf(choice, 'delta')));
    return { counts, isFinal: counts !== undefined && choices.every(isFinished), written };
  }
  const counts = ofResponses(propertyOf(propertyOf(event, 'response'), 'usage'));
  return { counts, isFinal: counts !== undefined, written: textIn(propertyOf(event, 'delta')) };
}

/** Some servers count in every chunk of a Chat stream; the last says why it ends, or has no choice. */
function isFinished(choice: unknown): boolean {
  return typeof propertyOf(choice, 'finish_reason') === 'string';
}

/** Reads an answer that came as a whole. */
export function usageOfAnswer(kind: Kind, answer: unknown): Partial<TokenCounts> | undefined {
  const usage = propertyOf(answer, 'usage');
  if (kind === 'anthropic-messages') return ofAnthropic(usage);
  return kind === 'openai-chat' ? ofChat(usage) : ofResponses(usage);
}

function ofAnthropicEvent(event: unknown): UsageNews {
  const type = propertyOf(event, 'type');
  const usage = propertyOf(
    type === 'message_start' ? propertyOf(event, 'message') : event,
    'usage',
  );
  const written = textIn(propertyOf(event, 'delta'));
  const counts = ofAnthropic(usage);
  return { counts, isFinal: type === 'message_delta' && counts?.output !== undefined, written };
}

function ofAnthropic(usage: unknown): Partial<TokenCounts> | undefined {
  if (!isObject(usage)) return undefined;
  const created = numberOf(usage, 'cache_creation_input_tokens');
  const hour = numberOf(usage['cache_creation'], 'ephemeral_1h_input_tokens') ?? 0;
  return defined({
    input: numberOf(usage, 'input_tokens'),
    output: numberOf(usage, 'output_tokens'),
    cacheRead: numberOf(usage, 'cache_read_input_tokens'),
    cacheWrite: created === undefined ? undefined : Math.max(0, created - hour),
    cacheWriteHour: created === undefined ? undefined : hour,
  });
}

function ofResponses(usage: unknown): Partial<TokenCounts> | undefined {
  return isObject(usage)
    ? ofOpenAi({
        input: numberOf(usage, 'input_tokens'),
        output: numberOf(usage, 'output_tokens'),
        details: usage['input_tokens_details'],
      })
    : undefined;
}

function ofChat(usage: unknown): Partial<TokenCounts> | undefined {
  return isObject(usage)
    ? ofOpenAi({
        input: numberOf(usage, 'prompt_tokens'),
        output: numberOf(usage, 'completion_tokens'),
        details: usage['prompt_tokens_details'],
      })
    : undefined;
}

/** OpenAI counts what was read from a cache, and written to one, among the input; Anthropic beside it. */
function ofOpenAi(counts: {
  input: number | undefined;
  output: number | undefined;
  details: unknown;
}): Partial<TokenCounts> | undefined {
  if (counts.input === undefined || counts.output === undefined) return undefined;
  const { details } = counts;
  const cacheRead = Math.min(numberOf(details, 'cached_tokens') ?? 0, counts.input);
  const rest = counts.input - cacheRead;
  const written = Math.min(numberOf(details, 'cache_write_tokens') ?? 0, rest);
  const lives = propertyOf(details, 'cache_write_tokens_details');
  const cacheWriteHour = Math.min(numberOf(lives, 'ttl_12h_tokens') ?? 0, written);
  const cacheWrite = written - cacheWriteHour;
  return { output: counts.output, input: rest - written, cacheRead, cacheWrite, cacheWriteHour };
}

/** What a provider says beside what its model wrote. */
const unwritten = ['type', 'role', 'id', 'name', 'signature', 'stop_reason'];
/** No piece of an answer is nested deeper. */
const maxDepth = 8;

/** Characters that a model wrote in a piece of its answer, under whatever names: new ones are counted too. */
function textIn(piece: unknown, depth = 0): number {
  if (typeof piece === 'string') return piece.length;
  if (depth === maxDepth || typeof piece !== 'object' || piece === null) return 0;
  return Object.entries(piece)
    .filter(([name]) => !unwritten.includes(name))
    .reduce((sum, [, value]) => sum + textIn(value, depth + 1), 0);
}

function numberOf(holder: unknown, name: string): number | undefined {
  const value = propertyOf(holder, name);
  const isCount = typeof value === 'number' && Number.isInteger(value);
  return isCount && value >= 0 && value <= maxCount ? value : undefined;
}

function defined(
  counts: {
    [Name in keyof TokenCounts]: number | undefined;
  },
): Partial<TokenCounts> | undefined {
  const given = Object.entries(counts).filter(([, count]) => count !== undefined);
  return given.length === 0 ? undefined : Object.fromEntries(given);
}
