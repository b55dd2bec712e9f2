import { readFileSync } from 'node:fs';
import type { ErrorObject, ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { isObject, type Json, type JsonObject } from './json.ts';
import type { GhesVersion } from './operations.ts';

/** One deviation from GitHub's published description. Tests assert that there is none. */
export interface Violation {
  readonly direction: 'request' | 'response' | 'webhook';
  readonly operation: string;
  readonly errors: readonly string[];
}

/** Formats that GitHub declares and JSON Schema does not know; they carry no rule here. */
const OPAQUE_FORMATS = ['repo.nwo', 'timestamp', 'ssh-url', 'git-url', 'int32', 'int64'];

/** Compiles schemas that share one set of named schemas under `#/components/schemas/`. */
export class SchemaSet {
  readonly #ajv: Ajv2020;

  /** `coerce` turns the strings of a path or query into the numbers and booleans that the schema names. */
  constructor(schemas: JsonObject, coerce = false) {
    this.#ajv = new Ajv2020({
      strict: false,
      allErrors: true,
      coerceTypes: coerce ? 'array' : false,
    });
    // ajv-formats is CommonJS: under nodenext its callable is the `default` of the namespace's default.
    addFormats.default(this.#ajv);
    for (const format of OPAQUE_FORMATS) this.#ajv.addFormat(format, true);
    // GitHub's own bot addresses (`1+app[bot]@users.noreply.github.com`) are not addresses to ajv-formats.
    this.#ajv.addFormat('email', /^[^@\s]+@[^@\s]+$/);
    this.#ajv.addSchema({ $id: 'github', components: { schemas } });
  }

  /** A validator for one schema; its `$ref`s point into the set. */
  compile(schema: Json): ValidateFunction {
    return this.#ajv.compile(pointIntoSet(schema) as JsonObject);
  }
}

function pointIntoSet(value: Json): Json {
  if (Array.isArray(value)) return value.map(pointIntoSet);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      key === '$ref' && typeof item === 'string'
        ? item.replace(/^#/, 'github#')
        : pointIntoSet(item),
    ]),
  );
}

/** One short line for each error: where and why. */
export function describeErrors(errors: readonly ErrorObject[] | null | undefined): string[] {
  return (errors ?? []).map((error) => {
    const detail = Object.values(error.params as JsonObject).map((value) => JSON.stringify(value));
    return `${error.instancePath || '/'} ${error.message ?? error.keyword} ${detail.join(' ')}`.trim();
  });
}

/** Reads one of the vendored documents beside this file: github.com's, or those of a GHES version. */
export function readVendored(
  name: 'openapi' | 'webhooks',
  ghes: GhesVersion | undefined,
): JsonObject {
  const file = ghes === undefined ? `${name}.json` : `${name}.ghes-${ghes}.json`;
  return JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')) as JsonObject;
}
