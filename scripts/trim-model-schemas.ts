/**
 * Regenerates the vendored JSON Schemas of the model APIs, from the types of the providers' own SDKs:
 *   node scripts/trim-model-schemas.ts <folder>
 * The folder holds `node_modules` with `@anthropic-ai/sdk` 1.14.0, `openai` 7.59.0 and `ts-json-schema-generator`
 * 2.10.0. They are installed outside the project: the generator needs another TypeScript than ours. Drops every prose.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

type Json = null | boolean | number | string | Json[] | JsonObject;
type JsonObject = { [key: string]: Json };

/** File of the SDK, type in it, file of ours. What is asked is of the beta: that is what agents send. */
const TYPES = [
  ['@anthropic-ai/sdk/resources/beta/messages/messages', 'MessageCreateParams', 'messages-request'],
  ['@anthropic-ai/sdk/resources/messages/messages', 'RawMessageStreamEvent', 'messages-event'],
  ['@anthropic-ai/sdk/resources/shared', 'ErrorResponse', 'messages-error'],
  ['openai/resources/responses/responses', 'ResponseCreateParams', 'responses-request'],
  ['openai/resources/responses/responses', 'ResponseStreamEvent', 'responses-event'],
  ['openai/resources/chat/completions/completions', 'ChatCompletionCreateParams', 'chat-request'],
  ['openai/resources/chat/completions/completions', 'ChatCompletionChunk', 'chat-event'],
  ['openai/resources/shared', 'ErrorObject', 'openai-error'],
] as const;

const PROSE = new Set(['description', 'deprecated', 'title', 'examples', '$schema', '$comment']);
const VALUES = new Set(['enum', 'default', 'const', 'required']);
/** Maps of names, which may be called as a key that documents. */
const NAMED = new Set(['properties', 'definitions']);
const OUTPUT = new URL('../test/support/models/schemas/', import.meta.url);

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function strip(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(strip);
  if (!isObject(schema)) return schema;
  const kept = Object.entries(schema).filter(([key]) => !PROSE.has(key));
  return Object.fromEntries(kept.map(([key, value]) => [key, stripKey(key, value)]));
}

function stripKey(key: string, value: Json): Json {
  if (VALUES.has(key)) return value;
  if (!NAMED.has(key) || !isObject(value)) return strip(value);
  return Object.fromEntries(Object.entries(value).map(([name, schema]) => [name, strip(schema)]));
}

/** What the generator says, without prose, definitions a line each. */
function schemaOf(folder: string, path: string, type: string): string {
  const generator = join(
    folder,
    'node_modules/ts-json-schema-generator/bin/ts-json-schema-generator.js',
  );
  const source = join(folder, 'node_modules', `${path}.d.ts`);
  const options = ['--no-type-check', '--additional-properties', '--no-top-ref'];
  const text = execFileSync(
    process.execPath,
    [generator, '--path', source, '--type', type, ...options],
    { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  );
  const { definitions = {}, ...top } = strip(JSON.parse(text) as Json) as JsonObject;
  const lines = Object.entries(definitions as JsonObject).map(
    ([name, schema]) => `${JSON.stringify(name)}:${JSON.stringify(schema)}`,
  );
  return `{${JSON.stringify(top).slice(1, -1)},"definitions":{\n${lines.join(',\n')}\n}}\n`;
}

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: node scripts/trim-model-schemas.ts <folder>');
mkdirSync(OUTPUT, { recursive: true });
for (const [path, type, name] of TYPES)
  writeFileSync(new URL(`${name}.json`, OUTPUT), schemaOf(folder, path, type));
