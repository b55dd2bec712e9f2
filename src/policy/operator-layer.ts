import { SallyportError } from '../errors.ts';
import { describeFault, type PolicyFault } from './fault.ts';
import { foldLayers } from './layering/fold-layers.ts';
import { type LayerDocument, readLayer } from './parsing/read-layer.ts';
import type { LoadedPolicy } from './policies.ts';

/** The operator's layer, complete: what it says by itself, and what the layers below are folded into. */
export interface OperatorLayer {
  readonly document: LayerDocument;
  readonly loaded: LoadedPolicy;
}

/**
 * Reads the operator's layer. `file` is what faults call it.
 * @throws SallyportError `policy.invalid` with file, line and column of every fault
 */
export function parseOperatorLayer(content: Uint8Array | string, file: string): OperatorLayer {
  const reading = readLayer({ layer: 'operator', file, content });
  if (!reading.ok) throw invalid(reading.faults);
  const folding = foldLayers(reading.document, []);
  if (!folding.ok) throw invalid(folding.faults);
  const { policy, digest } = folding.folded;
  return { document: reading.document, loaded: { policy, digest } };
}

function invalid(faults: readonly PolicyFault[]): SallyportError {
  return new SallyportError('policy.invalid', faults.map(describeFault).join('\n'));
}
