import { parseDocument } from 'yaml';
import { z } from 'zod';
import { SallyportError } from '../errors.ts';
import { EgressRule } from './egress-rule.ts';
import { PriceTable } from './price-table.ts';

/** Named lists of rules that an operator may switch on; none is on by itself. */
export const EgressPresets = z.strictObject({
  version: z.literal(1),
  presets: z.record(z.string().regex(/^[a-z][a-z0-9-]*$/), z.array(EgressRule).min(1)),
});
export type EgressPresets = z.infer<typeof EgressPresets>;

/** Reads `policies/egress.yml`. @throws SallyportError `policy.invalid` that says where and why */
export function parseEgressPresets(text: string, name: string): EgressPresets {
  return parsed(EgressPresets, text, name);
}

/** Reads `policies/prices.yml`. @throws SallyportError `policy.invalid` that says where and why */
export function parsePriceTable(text: string, name: string): PriceTable {
  return parsed(PriceTable, text, name);
}

function parsed<T extends z.ZodType>(schema: T, text: string, name: string): z.output<T> {
  const document = parseDocument(text, { uniqueKeys: true });
  if (document.errors.length > 0) throw invalid(name, document.errors);
  const result = schema.safeParse(plainOf(document, name));
  if (result.success) return result.data;
  const issues = result.error.issues.map(({ path, message }) => ({
    message: `${path.map(String).join('.')}: ${message}`,
  }));
  throw invalid(name, issues);
}

function plainOf(document: ReturnType<typeof parseDocument>, name: string): unknown {
  try {
    // maxAliasCount 0: no aliases, so no "billion laughs" expansion.
    return document.toJS({ maxAliasCount: 0 });
  } catch (cause) {
    throw new SallyportError('policy.invalid', `${name}: aliases are not taken`, { cause });
  }
}

function invalid(name: string, faults: readonly { readonly message: string }[]): SallyportError {
  const lines = faults.map(({ message }) => `${name}: ${message}`);
  return new SallyportError('policy.invalid', lines.join('\n'));
}
