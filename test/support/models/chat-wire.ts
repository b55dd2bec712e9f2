import { type Asked, type ModelWire, type StreamEvent, sinceModel, textOf } from './model-wire.ts';
import { type Answer, plainUsage } from './turn.ts';

const finishReasons = {
  text: 'stop',
  tools: 'tool_calls',
  refusal: 'content_filter',
  truncated: 'length',
  cut: null,
} as const;

/** OpenAI's Chat Completions API, and that of who copies it. */
export const chatWire: ModelWire = {
  api: 'openai-chat',
  path: '/v1/chat/completions',
  stream: (answer, asked) => {
    const first = chunk(asked, [choice(deltaOf(answer, asked.id), null)]);
    if (answer.kind === 'cut') return [first];
    return [
      first,
      chunk(asked, [choice({}, finishReasons[answer.kind])]),
      chunk(asked, [], usageOf(answer)),
      { data: '[DONE]' },
    ];
  },
  failure: ({ type, message }) => ({ error: { type, code: type, message, param: null } }),
  lateFailure: ({ type, message }) => ({
    data: { error: { type, code: type, message, param: null } },
  }),
  toolResults: (body) =>
    sinceModel(body['messages'], (message) => message['role'] === 'assistant')
      .filter((message) => message['role'] === 'tool')
      .map((message) => textOf(message['content'])),
};

const choice = (delta: object, finish_reason: string | null): object => ({
  index: 0,
  delta,
  finish_reason,
});

function chunk({ id, body }: Asked, choices: readonly object[], usage?: object): StreamEvent {
  const named = { id: `chatcmpl-${id}`, object: 'chat.completion.chunk', created: 1_700_000_000 };
  return { data: { ...named, model: body['model'], choices, usage: usage ?? null } };
}

function deltaOf(answer: Answer, id: string): object {
  if (answer.kind !== 'tools') return { role: 'assistant', content: answer.text };
  const tool_calls = answer.calls.map(({ name, args }, index) => ({
    index,
    id: `call_${id}_${index}`,
    type: 'function',
    function: { name, arguments: JSON.stringify(args) },
  }));
  return { role: 'assistant', content: answer.say ?? null, tool_calls };
}

function usageOf(answer: Answer): object {
  const { input, output, cached } = answer.usage ?? plainUsage;
  return {
    prompt_tokens: input + cached,
    completion_tokens: output,
    total_tokens: input + cached + output,
    prompt_tokens_details: { cached_tokens: cached },
  };
}
