import { isObject, type Json, type JsonObject } from './json.ts';

/**
 * Turns a schema of GitHub's OpenAPI 3.0 into the JSON Schema it means.
 * Refuses nothing; `nullable` becomes a null type, and a nullable enum also accepts null,
 * which GitHub's published enums mostly forget to list (`conclusion` of a check run, for example).
 */
export function toJsonSchema(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(toJsonSchema);
  if (!isObject(schema)) return schema;
  const { nullable, discriminator: _discriminator, ...rest } = schema;
  const translated = Object.fromEntries(
    Object.entries(rest).map(([key, value]) => [key, translate(key, value)]),
  );
  return nullable === true ? acceptNull(translated) : translated;
}

function translate(key: string, value: Json): Json {
  if (['enum', 'default', 'const', 'required'].includes(key)) return value;
  if (key !== 'properties' || !isObject(value)) return toJsonSchema(value);
  return Object.fromEntries(
    Object.entries(value).map(([name, schema]) => [name, toJsonSchema(schema)]),
  );
}

function acceptNull(schema: JsonObject): JsonObject {
  const values = schema['enum'];
  if (typeof schema['type'] !== 'string') return { anyOf: [{ type: 'null' }, schema] };
  const nullable: JsonObject = { ...schema, type: [schema['type'], 'null'] };
  if (Array.isArray(values) && !values.includes(null)) nullable['enum'] = [...values, null];
  return nullable;
}

/**
 * Closes the objects of a request body: GitHub ignores a property it does not know,
 * the stand-in refuses it, so that a misspelt or unsupported field is noticed.
 */
export function closeObjects(schema: Json): Json {
  if (!isObject(schema)) return schema;
  const closed: JsonObject = { ...schema };
  if (schema['items'] !== undefined) closed['items'] = closeObjects(schema['items']);
  if (!isObject(schema['properties'])) return closed;
  const properties: JsonObject = {};
  for (const [name, value] of Object.entries(schema['properties'])) {
    properties[name] = closeObjects(value);
  }
  return { ...closed, properties, additionalProperties: schema['additionalProperties'] ?? false };
}

/**
 * Properties that GitHub really sends as null although its schema does not say so
 * (outdated review comments, for example, lose `line` and `position`).
 */
const REALLY_NULLABLE: readonly (readonly [schema: string, property: string])[] = [
  ['pull-request-review-comment', 'line'],
  ['pull-request-review-comment', 'position'],
  ['review-comment', 'line'],
];

/** Applies the corrections above to a set of OpenAPI schemas and returns a corrected copy. */
export function correctFaults(schemas: JsonObject): JsonObject {
  const corrected = structuredClone(schemas);
  for (const [name, property] of REALLY_NULLABLE) {
    const schema = corrected[name];
    const properties = isObject(schema) ? schema['properties'] : undefined;
    const fault = isObject(properties) ? properties[property] : undefined;
    if (!isObject(fault))
      throw new Error(`the vendored schema ${name} has no ${property}: drop its correction`);
    fault['nullable'] = true;
  }
  return corrected;
}

/**
 * Responses whose published schema no real answer fits. `apps/list-installations` wants each account
 * to be a user and an enterprise at once; its single form, `installation`, has it right.
 */
const REALLY_ANSWERED: Readonly<Record<string, Json>> = {
  'apps/list-installations 200': {
    type: 'array',
    items: { $ref: '#/components/schemas/installation' },
  },
};

/** The schema to hold a response to: the published one, or its correction. */
export function responseSchema(
  operationId: string,
  status: number,
  published: Json | undefined,
): Json | undefined {
  return REALLY_ANSWERED[`${operationId} ${status}`] ?? published;
}
