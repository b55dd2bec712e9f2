import type { PolicyFault } from './fault.ts';
import { type FoldedPolicy, foldLayers } from './layering/fold-layers.ts';
import { type LayerDocument, type LayerSource, readLayer } from './parsing/read-layer.ts';

/** The files of a policy, the operator's first and each below the one before it. */
export type PolicySources = readonly [operator: LayerSource, ...below: LayerSource[]];

/** What the files come to, or all that is wrong with them. */
export type SourceFolding =
  | { readonly ok: true; readonly folded: FoldedPolicy }
  | { readonly ok: false; readonly faults: readonly PolicyFault[] };

/**
 * Reads the files and puts them together. Never throws. Files that cannot be read hide whether the others
 * fit each other: then their own faults are all that is told.
 */
export function foldSources(sources: PolicySources): SourceFolding {
  const documents: LayerDocument[] = [];
  const faults: PolicyFault[] = [];
  for (const reading of sources.map(readLayer)) {
    if (reading.ok) documents.push(reading.document);
    else faults.push(...reading.faults);
  }
  if (faults.length > 0) return { ok: false, faults };
  const [operator, ...below] = documents as [LayerDocument, ...LayerDocument[]];
  return foldLayers(operator, below);
}
