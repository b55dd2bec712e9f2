import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { SallyportError } from '../../errors.ts';
import { describeFault, type LayerName } from '../../policy/fault.ts';
import { foldSources, type PolicySources } from '../../policy/fold-sources.ts';
import type { LayerSource } from '../../policy/parsing/read-layer.ts';
import type { PolicyTexts } from '../../report/policy/fault-text.ts';

/** Where the command was called, and whose policy is the operator's. */
export interface PolicyPlaces {
  readonly workingDir: string;
  readonly policyFile: string;
}

/** A layer in a file on this machine; faults call the file what it was called on the command line. */
export function readLayerFile(
  { workingDir }: Pick<PolicyPlaces, 'workingDir'>,
  file: string,
  layer: LayerName,
): LayerSource {
  try {
    return { layer, file, content: readFileSync(resolve(workingDir, file)) };
  } catch (cause) {
    throw new SallyportError('policy.invalid', `${file}: cannot be read`, { cause });
  }
}

/** The layers above a repository's that were named. */
export interface NamedLayers {
  readonly operator?: string | undefined;
  readonly organisation?: string | undefined;
}

/**
 * The operator's layer, and the organisation's where one is named.
 * @throws SallyportError `policy.invalid` when one of them is at fault, since nothing can be told below it
 */
export function readLayersAbove(
  places: PolicyPlaces,
  { operator = places.policyFile, organisation }: NamedLayers,
): PolicySources {
  const first = readLayerFile(places, operator, 'operator');
  const sources: PolicySources =
    organisation === undefined
      ? [first]
      : [first, readLayerFile(places, organisation, 'organisation')];
  const folding = foldSources(sources);
  if (folding.ok) return sources;
  throw new SallyportError('policy.invalid', folding.faults.map(describeFault).join('\n'));
}

/** The texts of files, for the lines that faults are about. */
export function textsOf(sources: readonly LayerSource[]): PolicyTexts {
  const decoder = new TextDecoder();
  return new Map(
    sources.map(({ file, content }) => [
      file,
      typeof content === 'string' ? content : decoder.decode(content),
    ]),
  );
}
