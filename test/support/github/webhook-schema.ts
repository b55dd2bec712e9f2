import type { ValidateFunction } from 'ajv';
import { isObject, type JsonObject } from './json.ts';
import type { GhesVersion } from './operations.ts';
import { describeErrors, readVendored, SchemaSet } from './schema-set.ts';

/** Returns the errors of a payload against GitHub's published schema of its event and action. */
export type PayloadCheck = (name: string, payload: JsonObject) => string[];

/** Loads the vendored webhook schemas (OpenAPI 3.1, so plain JSON Schema 2020-12). */
export function loadPayloadCheck(ghes: GhesVersion | undefined): PayloadCheck {
  const document = readVendored('webhooks', ghes);
  const schemas = document['schemas'];
  const webhooks = document['webhooks'];
  if (!isObject(schemas) || !isObject(webhooks))
    throw new Error('the webhooks are not what trim-openapi writes');
  const set = new SchemaSet(schemas);
  const compiled = new Map<string, ValidateFunction>();
  return (name, payload) => {
    const schema = webhooks[name];
    if (schema === undefined) return [`no published schema for ${name}: add it to operations.ts`];
    const validate = compiled.get(name) ?? set.compile(schema);
    compiled.set(name, validate);
    return validate(payload) ? [] : describeErrors(validate.errors);
  };
}
