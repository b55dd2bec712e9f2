import type { ModelApi } from '../../../src/domain/model-api.ts';
import type { Answer, Failure } from './turn.ts';

export type JsonBody = Readonly<Record<string, unknown>>;

/** One event of a stream; `name` is left out where an API sends `data:` lines alone. */
export interface StreamEvent {
  readonly name?: string;
  readonly data: unknown;
}

/** What an answer is made with. */
export interface Asked {
  /** Different for each request. */
  readonly id: string;
  readonly body: JsonBody;
}

/** How one API writes what a script says, and reads what it is asked. */
export interface ModelWire {
  readonly api: ModelApi;
  /** The end of the path of a request. */
  readonly path: string;
  stream(answer: Answer, asked: Asked): readonly StreamEvent[];
  /** What is sent for a failure before a stream. */
  failure(failure: Failure): unknown;
  /** A failure in the middle of a stream. */
  lateFailure(failure: Failure): StreamEvent;
  /** What tools answered since the model last spoke. */
  toolResults(body: JsonBody): readonly string[];
}

/** Text of a field that holds a text, or blocks with one each. */
export function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map((block: { readonly text?: string }) => block.text ?? '').join('\n');
}

/** The items of a list after the last one that `isModel` says. */
export function sinceModel(
  items: unknown,
  isModel: (item: JsonBody) => boolean,
): readonly JsonBody[] {
  const list = (Array.isArray(items) ? items : []) as readonly JsonBody[];
  return list.slice(list.findLastIndex(isModel) + 1);
}
