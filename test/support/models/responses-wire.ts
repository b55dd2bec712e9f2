import { type Asked, type ModelWire, type StreamEvent, sinceModel, textOf } from './model-wire.ts';
import { type Answer, plainUsage, type ToolCall } from './turn.ts';

/** OpenAI's Responses API. */
export const responsesWire: ModelWire = {
  api: 'openai-responses',
  path: '/v1/responses',
  stream: (answer, asked) => {
    const items = itemsOf(answer, asked.id);
    const begun = [
      event('response.created', { response: { ...response(asked), status: 'in_progress' } }),
      ...items.flatMap((item, index) => itemEvents(answer, item, index)),
    ];
    const all = answer.kind === 'cut' ? begun : [...begun, end(answer, asked, items)];
    return all.map(numbered);
  },
  failure: ({ type, message }) => ({ error: { type, code: type, message, param: null } }),
  lateFailure: ({ type, message }) =>
    numbered(event('error', { code: type, message, param: null }), 1),
  toolResults: (body) =>
    sinceModel(body['input'], (item) => /_call$|^reasoning$/.test(String(item['type'])))
      .filter((item) => String(item['type']).endsWith('_call_output'))
      .map((item) => textOf(item['output'])),
};

type Item = Readonly<Record<string, unknown>> & { readonly id: string };

const event = (type: string, rest: object): StreamEvent => ({
  name: type,
  data: { type, ...rest },
});

const numbered = ({ data, ...rest }: StreamEvent, sequence_number: number): StreamEvent => ({
  ...rest,
  data: { ...(data as object), sequence_number },
});

function itemsOf(answer: Answer, id: string): readonly Item[] {
  if (answer.kind === 'refusal') return [message(id, { type: 'refusal', refusal: answer.text })];
  if (answer.kind !== 'tools') return [spoken(id, answer.text)];
  const calls = answer.calls.map((call, index) => callItem(call, `${id}_${index}`));
  return answer.say === undefined ? calls : [spoken(id, answer.say), ...calls];
}

const message = (id: string, part: object): Item => ({
  type: 'message',
  id: `msg_${id}`,
  role: 'assistant',
  status: 'completed',
  content: [part],
});

const spoken = (id: string, text: string): Item =>
  message(id, { type: 'output_text', text, annotations: [] });

function callItem({ name, args, isFreeForm, namespace }: ToolCall, id: string): Item {
  const known = { call_id: `call_${id}`, name, status: 'completed' };
  if (isFreeForm === true)
    return { type: 'custom_tool_call', id: `ctc_${id}`, ...known, input: String(args) };
  const within = namespace === undefined ? {} : { namespace };
  return {
    type: 'function_call',
    id: `fc_${id}`,
    ...known,
    arguments: JSON.stringify(args),
    ...within,
  };
}

function itemEvents(answer: Answer, item: Item, output_index: number): readonly StreamEvent[] {
  const [part] = (item['content'] ?? []) as readonly { readonly text?: string }[];
  const place = { item_id: item.id, output_index, content_index: 0 };
  const added = part === undefined ? item : { ...item, status: 'in_progress', content: [] };
  const words =
    part?.text === undefined
      ? []
      : [
          event('response.content_part.added', { ...place, part: { ...part, text: '' } }),
          event('response.output_text.delta', { ...place, delta: part.text, logprobs: [] }),
        ];
  const done = event('response.output_item.done', { output_index, item });
  return [
    event('response.output_item.added', { output_index, item: added }),
    ...words,
    ...(answer.kind === 'cut' ? [] : [done]),
  ];
}

function response({ id, body }: Asked): object {
  return {
    id: `resp_${id}`,
    object: 'response',
    access_programs: null,
    created_at: 1_700_000_000,
    model: body['model'],
    status: 'completed',
    error: null,
    incomplete_details: null,
    instructions: null,
    metadata: null,
    output: [],
    output_text: '',
    parallel_tool_calls: false,
    temperature: null,
    tool_choice: 'auto',
    tools: [],
    top_p: null,
  };
}

function end(answer: Answer, asked: Asked, output: readonly Item[]): StreamEvent {
  const { input, output: written, cached } = answer.usage ?? plainUsage;
  const usage = {
    input_tokens: input + cached,
    input_tokens_details: { cached_tokens: cached, cache_write_tokens: 0 },
    output_tokens: written,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: input + cached + written,
  };
  const whole = { ...response(asked), output, usage };
  if (answer.kind !== 'truncated') return event('response.completed', { response: whole });
  const cut = { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } };
  return event('response.incomplete', { response: { ...whole, ...cut } });
}
