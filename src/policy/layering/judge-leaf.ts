import type { FaultCode, LayerName, Place, PolicyFault } from '../fault.ts';
import { closestWord } from '../parsing/closest-word.ts';
import type { Leaf } from './leaves.ts';
import { shownList, whyWider } from './narrow.ts';
import { pathName, type Said, type SaidByPath } from './said.ts';

/** A leaf in its document, and what was said before it. */
export interface LeafInLayer {
  readonly leaf: Leaf;
  readonly layer: LayerName;
  /** The place of the leaf's value, or of one entry of it. */
  readonly placeOf: (entry?: number) => Place;
  readonly said: SaidByPath;
  /** What the leaf has to stay within: the same leaf above and, of a task, the top's leaf of that name. */
  readonly bounds: readonly Said[];
}

/** The first thing that a layer above has against this leaf, or undefined. */
export function judgeLeaf(it: LeafInLayer): PolicyFault | undefined {
  return (
    operatorOnly(it) ??
    unprotects(it) ??
    notListed(it) ??
    unpinned(it) ??
    unknownRule(it) ??
    wider(it)
  );
}

interface Told {
  readonly code: FaultCode;
  readonly message: string;
  readonly above: Place | undefined;
  /** Which entry of a list is at fault. */
  readonly entry?: number;
}

function faultOf({ leaf, placeOf }: LeafInLayer, told: Told): PolicyFault {
  const { code, message, above, entry } = told;
  const fault = { code, path: pathName(leaf.path), message, at: placeOf(entry) };
  return above === undefined ? fault : { ...fault, above };
}

function operatorOnly(it: LeafInLayer): PolicyFault | undefined {
  if (it.leaf.rule.kind !== 'operator' || it.layer === 'operator') return undefined;
  const above = it.bounds[0]?.sources[0];
  return faultOf(it, { code: 'operator-only', message: 'only the operator may say this', above });
}

/** `!path` would be the way to take protection away, if there were one. */
function unprotects(it: LeafInLayer): PolicyFault | undefined {
  if (it.leaf.rule.kind !== 'protect') return undefined;
  const patterns = it.leaf.value as readonly string[];
  const entry = patterns.findIndex((pattern) => pattern.startsWith('!'));
  const taken = patterns[entry];
  if (taken === undefined) return undefined;
  const message = `${taken} would take protection away; a layer may only add to what is protected`;
  const above = whoProtects(it.bounds, taken.slice(1));
  return faultOf(it, { code: 'loosens', message, above, entry });
}

/** Where the pattern is protected; else where the layers above say what is. */
function whoProtects(bounds: readonly Said[], pattern: string): Place | undefined {
  const holds = bounds.find(({ value }) => (value as readonly string[]).includes(pattern));
  return (holds ?? bounds[0])?.sources[0];
}

function notListed(it: LeafInLayer): PolicyFault | undefined {
  const { rule, value } = it.leaf;
  if ((rule.kind !== 'member' && rule.kind !== 'pin') || typeof value !== 'string')
    return undefined;
  const list = it.said.get(rule.list);
  const allowed = (list?.value ?? []) as readonly string[];
  if (allowed.includes(value)) return undefined;
  const message = `${value} is not in ${rule.list}, which has ${shownList(allowed)}`;
  return faultOf(it, { code: 'not-allowed', message, above: list?.sources.at(-1) });
}

/** What a layer pins stays pinned: to that, or to another that this very layer lists. */
function unpinned(it: LeafInLayer): PolicyFault | undefined {
  const { rule, value } = it.leaf;
  const pin = it.bounds[0];
  if (rule.kind !== 'pin' || typeof pin?.value !== 'string' || value === pin.value)
    return undefined;
  const [above] = pin.sources;
  const lists = it.said.get(rule.list)?.sources.some(({ layer }) => layer === above?.layer);
  const isNamed = typeof value === 'string';
  if (isNamed && lists === true) return undefined;
  const choice = isNamed ? `, and lists no ${rule.list} to choose from` : '';
  const message = `${String(value)} is not ${pin.value}, which the layer above pins${choice}`;
  return faultOf(it, { code: 'loosens', message, above });
}

/** An id that is no rule of the operator's is a slip more often than a try. */
function unknownRule(it: LeafInLayer): PolicyFault | undefined {
  if (!pathName(it.leaf.path).endsWith('egress.use')) return undefined;
  // The operator's rules are the first bound, whether or not a layer has said which to use.
  const bound = it.bounds[0] as Said;
  const known = bound.value as readonly string[];
  const ids = it.leaf.value as readonly string[];
  const entry = ids.findIndex((id) => !known.includes(id));
  const stray = ids[entry];
  if (stray === undefined) return undefined;
  const meant = closestWord(stray, known);
  const hint = meant === undefined ? `which are ${shownList(known)}` : `did you mean ${meant}?`;
  const message = `${stray} is none of the rules and routes above; ${hint}`;
  return faultOf(it, { code: 'not-allowed', message, above: bound.sources[0], entry });
}

function wider(it: LeafInLayer): PolicyFault | undefined {
  for (const bound of it.bounds) {
    const refusal = whyWider(it.leaf.rule, bound.value, it.leaf.value);
    if (refusal !== undefined) return faultOf(it, { ...refusal, above: bound.sources[0] });
  }
  return undefined;
}
