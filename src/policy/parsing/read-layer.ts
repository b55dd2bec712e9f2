import { Layer } from '../document/layer.ts';
import {
  type FaultCode,
  type LayerName,
  maxFaults,
  type Place,
  type PolicyFault,
} from '../fault.ts';
import { alternativeCount } from '../glob.ts';
import { explainIssue } from './explain-issue.ts';
import { type PlainYaml, readPlainYaml } from './plain-yaml.ts';
import { readPolicyText } from './policy-text.ts';

/** A policy file as it was fetched. */
export interface LayerSource {
  readonly layer: LayerName;
  /** What faults call the file. */
  readonly file: string;
  readonly content: Uint8Array | string;
}

/** A document that fits the language, and where its values stand. */
export interface LayerDocument {
  readonly layer: LayerName;
  readonly file: string;
  readonly content: Layer;
  readonly placeOf: (path: readonly string[]) => Place;
}

/** A document, or everything that is wrong with it. */
export type LayerReading =
  | { readonly ok: true; readonly document: LayerDocument }
  | { readonly ok: false; readonly faults: readonly PolicyFault[] };

/** Globs without braces that those with braces may come to in one document: each is held against each path. */
const maxAlternatives = 2_000;

/** Reads one layer. Never throws: whatever the bytes are, it is a document or faults with places. */
export function readLayer({ layer, file, content }: LayerSource): LayerReading {
  const read = readPolicyText(content);
  if (!read.ok) {
    const at = { layer, file, ...placeIn(read.text, read.offset) };
    return { ok: false, faults: [{ code: 'text', path: '', message: read.message, at }] };
  }
  const yaml = readPlainYaml(read.text);
  const placed = (offset: number): Place => ({ layer, file, ...yaml.placeOf(offset) });
  if (yaml.faults.length > 0) return { ok: false, faults: yamlFaults(yaml, placed) };
  const crowd = crowdFault(yaml, placed);
  if (crowd !== undefined) return { ok: false, faults: [crowd] };
  const parsed = Layer.safeParse(yaml.value);
  if (!parsed.success) return { ok: false, faults: misfits(yaml, parsed.error.issues, placed) };
  const placeOf = (path: readonly string[]): Place => placed(yaml.offsetOf(path));
  return { ok: true, document: { layer, file, content: parsed.data, placeOf } };
}

type Placed = (offset: number) => Place;

function yamlFaults({ faults }: PlainYaml, placed: Placed): readonly PolicyFault[] {
  return faults
    .slice(0, maxFaults)
    .map(({ offset, path, message }) => fault('yaml', { path, message, at: placed(offset) }));
}

function misfits(
  yaml: PlainYaml,
  issues: Parameters<typeof explainIssue>[2][],
  placed: Placed,
): readonly PolicyFault[] {
  const found = issues
    .slice(0, maxFaults)
    .flatMap((issue) => explainIssue(Layer, yaml.value, issue));
  return found.slice(0, maxFaults).map(({ path, isKey, message }) => {
    const offset = isKey ? yaml.keyOffsetOf(path) : yaml.offsetOf(path);
    return fault('schema', { path, message, at: placed(offset) });
  });
}

/** Looked at before the globs are, since every one of them is written out when it is. */
function crowdFault(yaml: PlainYaml, placed: Placed): PolicyFault | undefined {
  let count = 0;
  for (const { path, text } of texts(yaml.value, [])) {
    if (!text.includes('{')) continue;
    count += alternativeCount(text);
    if (count <= maxAlternatives) continue;
    const message = `up to here the braces of the globs come to more than ${maxAlternatives} alternatives; write fewer or split the lists`;
    return fault('schema', { path, message, at: placed(yaml.offsetOf(path)) });
  }
  return undefined;
}

function* texts(
  value: unknown,
  path: readonly string[],
): Generator<{ readonly path: readonly string[]; readonly text: string }> {
  if (typeof value === 'string') yield { path, text: value };
  if (typeof value !== 'object' || value === null) return;
  for (const [key, held] of Object.entries(value)) yield* texts(held, [...path, key]);
}

function fault(
  code: FaultCode,
  { path, message, at }: { path: readonly PropertyKey[]; message: string; at: Place },
): PolicyFault {
  // A hostile key may be as long as the file.
  return { code, path: path.map((key) => String(key).slice(0, 80)).join('.'), message, at };
}

function placeIn(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1) as string).length + 1 };
}
