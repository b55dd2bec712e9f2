import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { Person } from '../../../src/policy/decide/person.ts';
import type { LayerName, PolicyFault } from '../../../src/policy/fault.ts';
import { describeFault } from '../../../src/policy/fault.ts';
import {
  type FoldedPolicy,
  type Folding,
  foldLayers,
} from '../../../src/policy/layering/fold-layers.ts';
import { type LayerDocument, readLayer } from '../../../src/policy/parsing/read-layer.ts';

export const operatorText = readFileSync('test/fixtures/policy/operator.yml', 'utf8');

/** The operator's layer below which an example says that it stands. */
export function operatorOfExample(name: string): string {
  const text = readFileSync(`policies/examples/${name}.yml`, 'utf8');
  const [, file] = /^# Stands below the operator's (policies\/[a-z-]+\.yml)\.$/m.exec(text) ?? [];
  if (file === undefined) throw new Error(`${name} does not say what it stands below`);
  return file;
}

const files: Readonly<Record<LayerName, string>> = {
  operator: 'op.yml',
  organisation: 'org.yml',
  repository: 'repo.yml',
};

/** The document of a text that has no fault. */
export function documentOf(layer: LayerName, text: string): LayerDocument {
  const reading = readLayer({ layer, file: files[layer], content: text });
  if (!reading.ok) throw new Error(reading.faults.map(describeFault).join('\n'));
  return reading.document;
}

/** Read once: most tests fold it with something below. */
const operatorDocument = documentOf('operator', operatorText);

/** The operator's layer of the fixture with others below; `version: 1` is put before each. */
export function folding(layers: {
  readonly operator?: string | ((text: string) => string);
  readonly organisation?: string;
  readonly repository?: string;
}): Folding {
  const below = (['organisation', 'repository'] as const).flatMap((layer) => {
    const text = layers[layer];
    return text === undefined ? [] : [documentOf(layer, `version: 1\n${text}`)];
  });
  const { operator = operatorText } = layers;
  if (operator === operatorText) return foldLayers(operatorDocument, below);
  const text = typeof operator === 'string' ? operator : operator(operatorText);
  return foldLayers(documentOf('operator', text), below);
}

/** The effective policy of layers that fold. */
export function folded(layers: Parameters<typeof folding>[0]): FoldedPolicy {
  const result = folding(layers);
  if (!result.ok) throw new Error(result.faults.map(describeFault).join('\n'));
  return result.folded;
}

/** What is wrong, as people read it. */
export function faultsOf(result: {
  readonly ok: boolean;
  readonly faults?: readonly PolicyFault[];
}) {
  return (result.faults ?? []).map(describeFault);
}

/** The text itself, or one that matches. */
export function says(message: string | RegExp): unknown {
  return typeof message === 'string' ? message : expect.stringMatching(message);
}

/** Somebody of whom no more is known than is said. */
export function person(facts: Partial<Person>): Person {
  return {
    id: 1,
    login: 'mona',
    permission: 'none',
    teams: [],
    isAuthor: false,
    owns: 'none',
    ...facts,
  };
}
