import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';

/**
 * The published JSON schema of CycloneDX 1.6 and the two that it refers to, as @cyclonedx/cyclonedx-library
 * 10.3.0 ships them (Apache-2.0).
 */
export function sbomSchema(): ValidateFunction {
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats.default(ajv);
  // In a string of another language than English; no pattern of ours depends on it.
  for (const name of ['iri-reference', 'idn-email']) ajv.addFormat(name, true);
  for (const name of ['spdx', 'jsf-0.82'])
    ajv.addSchema({ ...schemaOf(name), $id: `http://cyclonedx.org/schema/${fileName(name)}` });
  return ajv.compile(schemaOf('bom-1.6'));
}

/** As the schema of the bill names it, relative to itself. */
const fileName = (name: string): string => `${name}.SNAPSHOT.schema.json`;

function schemaOf(name: string): object {
  const file = new URL(`../../fixtures/cyclonedx/${fileName(name)}`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as object;
}
