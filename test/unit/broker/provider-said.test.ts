import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { saidIn } from '../../../src/broker/provider-said.ts';
import type { Kind } from '../../support/broker/model-bodies.ts';

describe('what a provider says besides its answer', () => {
  test.each<[string, Kind, object, object]>([
    [
      'an overload in the middle of a stream',
      'anthropic-messages',
      { type: 'error', error: { type: 'overloaded_error', message: 'x' } },
      { error: 'overloaded_error' },
    ],
    [
      'a refusal at the end of a stream',
      'anthropic-messages',
      {
        type: 'message_delta',
        delta: { stop_reason: 'refusal', stop_details: { type: 'refusal', category: 'cyber' } },
      },
      { refusal: 'cyber' },
    ],
    [
      'a refusal without a category',
      'anthropic-messages',
      { type: 'message', stop_reason: 'refusal', stop_details: { category: null } },
      { refusal: 'unnamed' },
    ],
    ['an end', 'anthropic-messages', { type: 'message', stop_reason: 'end_turn' }, {}],
    [
      'text that reads like one',
      'anthropic-messages',
      { type: 'content_block_delta', delta: { text: '{"stop_reason":"refusal"}' } },
      {},
    ],
    [
      'a failed response',
      'openai-responses',
      { type: 'response.failed', response: { error: { code: 'server_error' } } },
      { error: 'server_error' },
    ],
    [
      'an error event',
      'openai-responses',
      { type: 'error', code: 'rate_limit_exceeded' },
      { error: 'rate_limit_exceeded' },
    ],
    [
      'a content filter',
      'openai-responses',
      {
        type: 'response.incomplete',
        response: { incomplete_details: { reason: 'content_filter' } },
      },
      { refusal: 'content_filter' },
    ],
    [
      'a length that ended it',
      'openai-responses',
      { response: { error: null, incomplete_details: { reason: 'max_output_tokens' } } },
      {},
    ],
    ['a refusal', 'openai-responses', { type: 'response.refusal.done' }, { refusal: 'refusal' }],
    [
      'a refusal in a whole answer',
      'openai-responses',
      { output: [{ content: [{ type: 'refusal' }] }] },
      { refusal: 'refusal' },
    ],
    [
      'a content filter',
      'openai-chat',
      { choices: [{ delta: {}, finish_reason: 'content_filter' }] },
      { refusal: 'content_filter' },
    ],
    [
      'a refusal in a stream',
      'openai-chat',
      { choices: [{ delta: { refusal: 'No.' } }] },
      { refusal: 'refusal' },
    ],
    [
      'a refusal in a whole answer',
      'openai-chat',
      { choices: [{ message: { refusal: 'No.' } }] },
      { refusal: 'refusal' },
    ],
    ['none', 'openai-chat', { choices: [{ delta: { refusal: null } }], error: null }, {}],
    [
      'an error in place of a chunk',
      'openai-chat',
      { error: { code: 500, type: 'server_error' } },
      { error: 'server_error' },
    ],
  ])('is %s (%s)', (_, kind, event, said) => {
    expect(saidIn(kind, event)).toEqual(said);
  });

  test('is words alone, whatever came', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (event) => {
        for (const kind of ['anthropic-messages', 'openai-responses', 'openai-chat'] as const)
          for (const word of Object.values(saidIn(kind, event)))
            expect(word).toMatch(/^[A-Za-z][\w.-]{0,63}$/);
      }),
    );
  });
});
