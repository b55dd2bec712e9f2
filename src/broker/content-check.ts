import { isObject, listOf, propertyOf } from './json-object.ts';

/** Why a piece of content is not sent to a model; `undefined` when it is. */
export type ContentFault = `model-content:${string}` | 'model-remote-url' | 'model-malformed';

/** Deepest nesting of content in content: tool results hold blocks, documents hold blocks. */
const maxDepth = 8;

/** Anthropic's blocks that hold what they show. The rest is run or fetched by the provider. */
const anthropicBlocks = [
  'text',
  'image',
  'document',
  'search_result',
  'thinking',
  'redacted_thinking',
  'tool_use',
  'tool_result',
  // Names a tool that the request defines elsewhere.
  'tool_reference',
  'tool_removal',
  'tool_addition',
];

/** What content is looked through by. */
export interface ContentLook {
  /** Types that the route lets through although they reach out. */
  readonly allowed: readonly string[];
  /** Judges tools that stand among the content. */
  readonly tools: (tools: unknown) => string | undefined;
}

/** Looks through messages and system prompts for what the provider would fetch or run. */
export function anthropicContentFault(
  content: unknown,
  look: ContentLook,
  depth = 0,
): string | undefined {
  if (content === undefined || content === null || typeof content === 'string') return undefined;
  if (!Array.isArray(content) || depth > maxDepth) return 'model-malformed';
  return firstFault(content, (block) => blockFault(block, look, depth));
}

function blockFault(block: unknown, look: ContentLook, depth: number): string | undefined {
  const type = propertyOf(block, 'type');
  if (!isObject(block) || typeof type !== 'string') return 'model-malformed';
  if (look.allowed.includes(type)) return undefined;
  if (!anthropicBlocks.includes(type)) return `model-content:${type}`;
  if (type === 'tool_addition' || type === 'tool_removal') return changeFault(block['tool'], look);
  // `input` of a tool_use is the agent's own JSON, whatever it looks like.
  const source = block['source'];
  return (
    sourceFault(isObject(source) ? source : undefined, look, depth) ??
    (type === 'tool_result' ? anthropicContentFault(block['content'], look, depth + 1) : undefined)
  );
}

/** A tool that comes or goes in the middle of a conversation: by its name, or defined on the spot. */
function changeFault(tool: unknown, look: ContentLook): string | undefined {
  const type = propertyOf(tool, 'type');
  if (type === 'tool_reference') return undefined;
  if (type === 'tool_definition') return look.tools([propertyOf(tool, 'definition')]);
  return typeof type === 'string' ? `model-tool:${type}` : 'model-malformed';
}

/** `url` is fetched by the provider, `file` is of the account and so perhaps another task's. */
function sourceFault(
  source: Record<string, unknown> | undefined,
  look: ContentLook,
  depth: number,
): string | undefined {
  if (source === undefined) return undefined;
  const type = source['type'];
  if (type === 'base64' || type === 'text') return undefined;
  if (type === 'content') return anthropicContentFault(source['content'], look, depth + 1);
  return look.allowed.includes(String(type)) ? undefined : 'model-remote-url';
}

/** Parts of OpenAI's messages, in Responses and Chat. */
const openAiParts = [
  'input_text',
  'output_text',
  'text',
  'refusal',
  'summary_text',
  'reasoning_text',
  'input_image',
  'image_url',
  'input_file',
  'file',
  'input_audio',
];

/** Keys of a part that name something elsewhere. A `data:` URL carries what it names. */
const references = ['image_url', 'file_url', 'url', 'file_id'];

/** Looks through the parts of a message for what the provider would fetch. */
export function openAiContentFault(
  content: unknown,
  allowed: readonly string[],
): ContentFault | undefined {
  if (content === undefined || content === null || typeof content === 'string') return undefined;
  if (!Array.isArray(content)) return 'model-malformed';
  return firstFault(content, (part) => partFault(part, allowed));
}

function partFault(part: unknown, allowed: readonly string[]): ContentFault | undefined {
  const type = propertyOf(part, 'type');
  if (!isObject(part) || typeof type !== 'string') return 'model-malformed';
  if (allowed.includes(type)) return undefined;
  if (!openAiParts.includes(type)) return `model-content:${type}`;
  const holders = [part, part['image_url'], part['file']].filter(isObject);
  const named = holders.flatMap((holder) => references.map((key) => propertyOf(holder, key)));
  return named.every(isCarried) ? undefined : 'model-remote-url';
}

function isCarried(value: unknown): boolean {
  return value === undefined || value === null || isObject(value) || isDataUrl(value);
}

function isDataUrl(value: unknown): boolean {
  return typeof value === 'string' && value.slice(0, 5).toLowerCase() === 'data:';
}

/** The first fault that `look` finds in a list. */
export function firstFault<Fault>(
  list: unknown,
  look: (item: unknown) => Fault | undefined,
): Fault | undefined {
  for (const item of listOf(list)) {
    const fault = look(item);
    if (fault !== undefined) return fault;
  }
  return undefined;
}
