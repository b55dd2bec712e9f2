import type { ValidateFunction } from 'ajv';
import { isObject, type Json, type JsonObject, textOf } from './json.ts';
import type { GhesVersion, OperationId } from './operations.ts';
import { closeObjects, correctFaults, responseSchema, toJsonSchema } from './schema.ts';
import { describeErrors, readVendored, SchemaSet } from './schema-set.ts';

/** An operation with its route and the validators of what it takes and gives. */
export interface Operation {
  readonly id: OperationId;
  readonly method: string;
  /** The path template, such as `/repos/{owner}/{repo}`. */
  readonly template: string;
  /** Each returns the errors found; they also turn the strings of path and query into numbers. */
  readonly checkParameters: (path: JsonObject, query: JsonObject) => string[];
  readonly checkBody: (body: Json | undefined) => string[];
  readonly checkResponse: (status: number, body: Json | undefined) => string[];
}

/** What any endpoint may answer with a 4xx or 5xx, though its own description does not list it. */
const ANY_ERROR: Json = {
  anyOf: ['basic-error', 'validation-error', 'validation-error-simple'].map((name) => ({
    $ref: `#/components/schemas/${name}`,
  })),
};

/** Loads the vendored OpenAPI and compiles every operation lazily, since ajv takes long over large schemas. */
export function loadOperations(ghes: GhesVersion | undefined): Operation[] {
  const document = readVendored('openapi', ghes);
  const schemas = toJsonSchema({
    properties: correctFaults(document['schemas'] as JsonObject),
  }) as JsonObject;
  const named = schemas['properties'] as JsonObject;
  const strict = new SchemaSet(named);
  const coercing = new SchemaSet(named, true);
  return Object.entries(document['paths'] as JsonObject).flatMap(([template, item]) =>
    Object.entries(item as JsonObject).map(([method, description]) =>
      operation({ template, method, description: description as JsonObject, strict, coercing }),
    ),
  );
}

interface Source {
  template: string;
  method: string;
  description: JsonObject;
  strict: SchemaSet;
  coercing: SchemaSet;
}

function operation({ template, method, description, strict, coercing }: Source): Operation {
  const parameters = (place: string): (() => ValidateFunction) =>
    once(() => coercing.compile(parameterSchema(description['parameters'] as JsonObject[], place)));
  const [path, query] = [parameters('path'), parameters('query')];
  const body = once(() => strict.compile(bodySchema(description['requestBody'])));
  return {
    id: description['operationId'] as OperationId,
    method: method.toUpperCase(),
    template,
    checkParameters: (pathValues, queryValues) => [
      ...run(path(), pathValues),
      ...run(query(), queryValues),
    ],
    checkBody: (value) => checkBody(description['requestBody'], body, value),
    checkResponse: responseChecker(
      textOf(description['operationId']),
      description['responses'] as JsonObject,
      strict,
    ),
  };
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

function run(validate: ValidateFunction, value: unknown): string[] {
  return validate(value) ? [] : describeErrors(validate.errors);
}

function parameterSchema(parameters: JsonObject[], place: string): JsonObject {
  const chosen = parameters.filter((parameter) => parameter['in'] === place);
  return {
    type: 'object',
    properties: Object.fromEntries(
      chosen.map((one) => [textOf(one['name']), toJsonSchema(one['schema'] ?? {})]),
    ),
    required: chosen.filter((one) => one['required'] === true).map((one) => textOf(one['name'])),
    additionalProperties: false,
  };
}

function bodySchema(requestBody: Json | undefined): Json {
  return isObject(requestBody) ? closeObjects(toJsonSchema(requestBody['schema'] ?? {})) : {};
}

function checkBody(
  described: Json | undefined,
  body: () => ValidateFunction,
  value: Json | undefined,
): string[] {
  if (value === undefined)
    return isObject(described) && described['required'] === true ? ['/ body is required'] : [];
  if (!isObject(described))
    return isObject(value) && Object.keys(value).length === 0 ? [] : ['/ takes no body'];
  return run(body(), value);
}

function responseChecker(
  id: string,
  responses: JsonObject,
  schemas: SchemaSet,
): Operation['checkResponse'] {
  const compiled = new Map<number, ValidateFunction>();
  return (status, body) => {
    const described = responses[String(status)];
    if (described === undefined && status < 400) return [`/ status ${status} is not described`];
    const schema = responseSchema(
      id,
      status,
      isObject(described) ? described['schema'] : ANY_ERROR,
    );
    if (schema === undefined) return body === undefined ? [] : ['/ has no body'];
    const validate = compiled.get(status) ?? schemas.compile(toJsonSchema(schema));
    compiled.set(status, validate);
    return run(validate, body);
  };
}
