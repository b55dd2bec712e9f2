import { z } from 'zod';
import { Layer } from '../../src/policy/document/layer.ts';

/** A JSON Schema as far as the reference reads it. */
export interface PolicySchema {
  readonly type?: string;
  readonly description?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, PolicySchema>>;
  readonly additionalProperties?: PolicySchema | boolean;
  readonly items?: PolicySchema;
  readonly anyOf?: readonly PolicySchema[];
}

/** The JSON Schema of one layer of the policy. It knows less than the parser: some rules have no words in it. */
export function policySchema(): PolicySchema {
  const schema = z.toJSONSchema(Layer, { target: 'draft-7', io: 'input' });
  return { title: 'Sallyport policy', ...schema } as PolicySchema;
}

/** `policies/sallyport.schema.json`. */
export function renderPolicySchema(): string {
  return `${JSON.stringify(policySchema(), null, 2)}\n`;
}
