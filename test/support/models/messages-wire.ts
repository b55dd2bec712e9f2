import {
  type Asked,
  type JsonBody,
  type ModelWire,
  type StreamEvent,
  sinceModel,
  textOf,
} from './model-wire.ts';
import { type Answer, plainUsage } from './turn.ts';

const stopReasons = {
  text: 'end_turn',
  tools: 'tool_use',
  refusal: 'refusal',
  truncated: 'max_tokens',
  cut: null,
} as const;

/** Anthropic's Messages API. */
export const messagesWire: ModelWire = {
  api: 'anthropic-messages',
  path: '/v1/messages',
  stream: (answer, asked) => [
    start(answer, asked),
    ...blocks(answer, asked.id).flatMap((block, index) => blockEvents(answer, block, index)),
    ...(answer.kind === 'cut' ? [] : end(answer)),
  ],
  failure: ({ type, message }) => ({
    type: 'error',
    error: { type, message },
    request_id: 'req_scripted',
  }),
  lateFailure: ({ type, message }) => event('error', { error: { type, message } }),
  toolResults: (body) =>
    sinceModel(body['messages'], (message) => message['role'] === 'assistant')
      .flatMap((message) => blocksOf(message['content']))
      .filter((block) => block['type'] === 'tool_result')
      .map((block) => textOf(block['content'])),
};

const blocksOf = (content: unknown): readonly JsonBody[] =>
  Array.isArray(content) ? (content as JsonBody[]) : [];

const event = (type: string, rest: object = {}): StreamEvent => ({
  name: type,
  data: { type, ...rest },
});

interface Block {
  readonly shell: object;
  readonly delta: object;
}

function blocks(answer: Answer, id: string): readonly Block[] {
  if (answer.kind !== 'tools') return [textBlock(answer.text)];
  const calls = answer.calls.map(({ name, args }, index) => ({
    shell: {
      type: 'tool_use',
      id: `toolu_${id}_${index}`,
      name,
      input: {},
      caller: { type: 'direct' },
    },
    delta: { type: 'input_json_delta', partial_json: JSON.stringify(args) },
  }));
  return answer.say === undefined ? calls : [textBlock(answer.say), ...calls];
}

const textBlock = (text: string): Block => ({
  shell: { type: 'text', text: '', citations: null },
  delta: { type: 'text_delta', text },
});

function blockEvents(
  answer: Answer,
  { shell, delta }: Block,
  index: number,
): readonly StreamEvent[] {
  const begun = [
    event('content_block_start', { index, content_block: shell }),
    event('content_block_delta', { index, delta }),
  ];
  return answer.kind === 'cut' ? begun : [...begun, event('content_block_stop', { index })];
}

function start(answer: Answer, { id, body }: Asked): StreamEvent {
  const { input, cached } = answer.usage ?? plainUsage;
  return event('message_start', {
    message: {
      id: `msg_${id}`,
      type: 'message',
      role: 'assistant',
      model: body['model'],
      container: null,
      content: [],
      diagnostics: null,
      stop_details: null,
      stop_reason: null,
      stop_sequence: null,
      usage: {
        input_tokens: input,
        output_tokens: 1,
        cache_creation_input_tokens: 0,
        cache_read_input_tokens: cached,
        cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
        fallback_credit: null,
        inference_geo: null,
        output_tokens_details: null,
        server_tool_use: null,
        service_tier: 'standard',
        speed: null,
      },
    },
  });
}

function end(answer: Answer): readonly StreamEvent[] {
  const refused = { type: 'refusal', category: null, explanation: null };
  return [
    event('message_delta', {
      delta: {
        container: null,
        stop_reason: stopReasons[answer.kind],
        stop_sequence: null,
        stop_details: answer.kind === 'refusal' ? refused : null,
      },
      usage: {
        output_tokens: (answer.usage ?? plainUsage).output,
        input_tokens: null,
        cache_creation_input_tokens: null,
        cache_read_input_tokens: null,
        output_tokens_details: null,
        server_tool_use: null,
      },
    }),
    event('message_stop'),
  ];
}
