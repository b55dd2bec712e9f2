/**
 * Regenerates the vendored, trimmed copies of GitHub's published descriptions:
 *   node scripts/trim-openapi.ts <folder of openapi> <folder of openapi-webhooks>
 * from npm `@octokit/openapi` 23.0.2 and `@octokit/openapi-webhooks` 12.1.0, which are installed outside
 * the project because they are 400 MB of JSON; the folders are their `generated`. Keeps the operations and webhooks that
 * `test/support/github/operations.ts` names and the closure of their schemas; drops every prose and example.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GHES_VERSIONS, OPERATION_IDS, WEBHOOK_NAMES } from '../test/support/github/operations.ts';

type Json = null | boolean | number | string | Json[] | JsonObject;
type JsonObject = { [key: string]: Json };

/** Keys that only document. Dropped from every schema, never from a `properties` map, where they are names. */
const PROSE = new Set([
  'description',
  'example',
  'examples',
  'externalDocs',
  'summary',
  'title',
  'deprecated',
]);
const OUTPUT = new URL('../test/support/github/', import.meta.url);
const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function objectAt(value: JsonObject, ...path: string[]): JsonObject {
  let current: Json | undefined = value;
  for (const key of path) current = isObject(current) ? current[key] : undefined;
  if (!isObject(current)) throw new Error(`not an object: ${path.join('/')}`);
  return current;
}

function strip(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(strip);
  if (!isObject(schema)) return schema;
  const kept = Object.entries(schema).filter(([key]) => !PROSE.has(key) && !key.startsWith('x-'));
  return Object.fromEntries(kept.map(([key, value]) => [key, stripKey(key, value)]));
}

/** `properties` maps names to schemas; `enum`, `default`, `const` and `required` are values, not schemas. */
function stripKey(key: string, value: Json): Json {
  if (['enum', 'default', 'const', 'required'].includes(key)) return value;
  if (key !== 'properties' || !isObject(value)) return strip(value);
  return Object.fromEntries(Object.entries(value).map(([name, schema]) => [name, strip(schema)]));
}

function resolve(document: JsonObject, value: Json): JsonObject {
  if (!isObject(value)) throw new Error('not an object');
  const reference = value['$ref'];
  return typeof reference === 'string'
    ? objectAt(document, ...reference.slice(2).split('/'))
    : value;
}

function jsonSchemaOf(holder: JsonObject): Json | undefined {
  if (!isObject(holder['content'])) return undefined;
  const media = holder['content']['application/json'];
  return isObject(media) ? media['schema'] : undefined;
}

function trimParameter(document: JsonObject, value: Json): JsonObject {
  const { name, in: place, required, schema } = resolve(document, value);
  return {
    name: name ?? '',
    in: place ?? '',
    required: required ?? false,
    schema: strip(schema ?? {}),
  };
}

function trimOperation(document: JsonObject, path: string, method: string): JsonObject {
  const operation = objectAt(document, 'paths', path, method);
  const parameters = Array.isArray(operation['parameters']) ? operation['parameters'] : [];
  const responses = Object.entries(objectAt(operation, 'responses')).map(([status, response]) => {
    const schema = jsonSchemaOf(resolve(document, response));
    return [status, schema === undefined ? {} : { schema: strip(schema) }] as const;
  });
  const trimmed: JsonObject = {
    operationId: operation['operationId'] ?? '',
    parameters: parameters.map((parameter) => trimParameter(document, parameter)),
    responses: Object.fromEntries(responses),
  };
  const body = isObject(operation['requestBody']) ? operation['requestBody'] : undefined;
  const schema = body && jsonSchemaOf(body);
  if (body && schema !== undefined) {
    trimmed['requestBody'] = { required: body['required'] ?? false, schema: strip(schema) };
  }
  return trimmed;
}

function referencesIn(value: Json, found: Set<string>): void {
  if (Array.isArray(value)) for (const item of value) referencesIn(item, found);
  else if (isObject(value)) {
    const reference = value['$ref'];
    if (typeof reference === 'string') found.add(reference.replace('#/components/schemas/', ''));
    for (const item of Object.values(value)) referencesIn(item, found);
  }
}

function closure(document: JsonObject, root: Json): JsonObject {
  const wanted = new Set<string>();
  referencesIn(root, wanted);
  const schemas: JsonObject = {};
  // A Set iterates over what is added to it meanwhile, so this reaches the whole closure.
  for (const name of wanted) {
    const schema = strip(objectAt(document, 'components', 'schemas', name));
    schemas[name] = schema;
    referencesIn(schema, wanted);
  }
  return Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function operationId(document: JsonObject, path: string, method: string): string {
  const id = objectAt(document, 'paths', path, method)['operationId'];
  if (typeof id !== 'string') throw new Error(`no operationId: ${method} ${path}`);
  return id;
}

function trimRest(document: JsonObject): JsonObject {
  const paths: JsonObject = {};
  const missing = new Set<string>(OPERATION_IDS);
  for (const [path, item] of Object.entries(objectAt(document, 'paths'))) {
    for (const method of METHODS.filter((name) => isObject(item) && name in item)) {
      const id = operationId(document, path, method);
      if (!missing.delete(id)) continue;
      paths[path] = {
        ...objectAt({ item: paths[path] ?? {} }, 'item'),
        [method]: trimOperation(document, path, method),
      };
    }
  }
  if (missing.size > 0) throw new Error(`unknown operations: ${[...missing].join(', ')}`);
  return { paths, schemas: closure(document, paths) };
}

/** GHES is described without merge queues: what is missing there cannot be sent there. */
const GITHUB_COM_ONLY = /^merge-group-/;

function trimWebhooks(document: JsonObject): JsonObject {
  const webhooks: JsonObject = {};
  const described = objectAt(document, 'webhooks');
  for (const name of WEBHOOK_NAMES) {
    if (!(name in described) && GITHUB_COM_ONLY.test(name)) continue;
    const schema = jsonSchemaOf(objectAt(described, name, 'post', 'requestBody'));
    if (schema === undefined) throw new Error(`no schema for the webhook ${name}`);
    webhooks[name] = strip(schema);
  }
  return { webhooks, schemas: closure(document, webhooks) };
}

/** One line for each entry, so that an update of the source shows which schemas changed. */
function write(file: string, document: JsonObject): void {
  const sections = Object.entries(document).map(([section, entries]) => {
    const lines = Object.entries(objectAt({ entries }, 'entries')).map(
      ([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`,
    );
    return `${JSON.stringify(section)}:{\n${lines.join(',\n')}\n}`;
  });
  writeFileSync(new URL(file, OUTPUT), `{${sections.join(',\n')}}\n`);
}

const read = (folder: string, file: string): JsonObject =>
  JSON.parse(readFileSync(join(folder, file), 'utf8')) as JsonObject;

const [rest, webhooks] = process.argv.slice(2);
if (!rest || !webhooks) {
  throw new Error('usage: node scripts/trim-openapi.ts <openapi folder> <openapi-webhooks folder>');
}
for (const [source, suffix] of [
  ['api.github.com.json', '.json'],
  ...GHES_VERSIONS.map((version) => [`ghes-${version}.json`, `.ghes-${version}.json`] as const),
] as const) {
  write(`openapi${suffix}`, trimRest(read(rest, source)));
  write(`webhooks${suffix}`, trimWebhooks(read(webhooks, source)));
}
