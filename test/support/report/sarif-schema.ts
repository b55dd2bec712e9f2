import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';

const file = new URL('../../fixtures/sarif/sarif-2.1.0-rtm.5.json', import.meta.url);

/**
 * The published schema of SARIF 2.1.0. It is of JSON Schema draft 4, of which it uses nothing that draft 7 has
 * otherwise but the name of its id.
 */
export function sarifSchema(): ValidateFunction {
  const {
    id: $id,
    $schema: _draft,
    ...schema
  } = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly id: string;
    readonly $schema: string;
  };
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  addFormats.default(ajv);
  return ajv.compile({ $id, ...schema });
}
