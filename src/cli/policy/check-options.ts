import { basename, dirname, resolve } from 'node:path';
import { SallyportError } from '../../errors.ts';
import { type LayerName, layerNames } from '../../policy/fault.ts';
import type { NamedLayers, PolicyPlaces } from './layer-file.ts';
import { parseArguments } from './parse-arguments.ts';

/** What `sallyport policy check` was asked for. */
export interface CheckOptions extends NamedLayers {
  readonly files: readonly { readonly file: string; readonly layer: LayerName }[];
  readonly json: boolean;
}

/** Reads the arguments. @throws SallyportError `usage.invalid`, for a file whose layer is not told, too */
export function readCheckOptions(args: readonly string[], places: PolicyPlaces): CheckOptions {
  const { values, positionals } = parseArguments(args, {
    layer: { type: 'string' },
    operator: { type: 'string' },
    organisation: { type: 'string' },
    json: { type: 'boolean', default: false },
  });
  if (positionals.length === 0) {
    throw new SallyportError('usage.invalid', 'sallyport policy check takes one FILE or more');
  }
  const { layer, operator, organisation, json } = values;
  const asked = layerNames.find((name) => name === layer);
  if (layer !== undefined && asked === undefined) {
    throw new SallyportError('usage.invalid', `--layer is one of ${layerNames.join(', ')}`);
  }
  const files = positionals.map((file) => ({ file, layer: asked ?? layerOf(places, file) }));
  return { files, operator, organisation, json };
}

/** The layer that a file's place tells. A checkout called `.github` cannot be told from a folder of it. */
function layerOf({ workingDir, policyFile }: PolicyPlaces, file: string): LayerName {
  const path = resolve(workingDir, file);
  if (path === policyFile) return 'operator';
  if (basename(path) === 'sallyport.yml') {
    return basename(dirname(path)) === '.github' ? 'repository' : 'organisation';
  }
  const message = `${file}: say with --layer whose policy it is: ${layerNames.join(', ')}`;
  throw new SallyportError('usage.invalid', message);
}
