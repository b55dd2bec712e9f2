import type { LayerName, PolicyFault } from '../../policy/fault.ts';
import { foldSources, type PolicySources } from '../../policy/fold-sources.ts';
import { counted } from '../../report/counted.ts';
import { escapedJson } from '../../report/escaped-json.ts';
import { policyFaultText } from '../../report/policy/fault-text.ts';
import { type CheckOptions, readCheckOptions } from './check-options.ts';
import { type PolicyPlaces, readLayerFile, readLayersAbove, textsOf } from './layer-file.ts';

const [exitSound, exitFaults] = [0, 1];

interface CheckedFile {
  readonly file: string;
  readonly layer: LayerName;
  readonly faults: readonly PolicyFault[];
  readonly sources: PolicySources;
}

/**
 * `sallyport policy check FILE…`: are the files policies, and does each narrow the layers above it? Resolves
 * with the exit code: 0 without faults, 1 with some. @throws SallyportError `usage.invalid`,
 * `policy.invalid` for a file that cannot be read or a layer above that is at fault itself
 */
export async function checkPolicies(
  args: readonly string[],
  places: PolicyPlaces,
  write: (text: string) => void,
): Promise<number> {
  const options = readCheckOptions(args, places);
  const checked = options.files.map((asked) => check(asked, options, places));
  const faults = checked.reduce((sum, one) => sum + one.faults.length, 0);
  write(options.json ? toJson(checked, faults) : toText(checked, faults));
  return faults === 0 ? exitSound : exitFaults;
}

function check(
  { file, layer }: CheckOptions['files'][number],
  options: CheckOptions,
  places: PolicyPlaces,
): CheckedFile {
  const source = readLayerFile(places, file, layer);
  const sources: PolicySources =
    layer === 'operator' ? [source] : [...layersAbove(layer, options, places), source];
  const folding = foldSources(sources);
  return { file, layer, faults: folding.ok ? [] : folding.faults, sources };
}

/** An organisation's policy has the operator's above it alone. */
function layersAbove(
  layer: LayerName,
  { operator, organisation }: CheckOptions,
  places: PolicyPlaces,
): PolicySources {
  return readLayersAbove(
    places,
    layer === 'repository' ? { operator, organisation } : { operator },
  );
}

function toText(checked: readonly CheckedFile[], faults: number): string {
  const texts = checked.flatMap((one) =>
    one.faults.map((fault) => policyFaultText(fault, textsOf(one.sources))),
  );
  const files = counted(checked.length, 'file');
  const last = faults === 0 ? `no faults in ${files}` : `${counted(faults, 'fault')} in ${files}`;
  return `${texts.join('')}${last}\n`;
}

function toJson(checked: readonly CheckedFile[], faults: number): string {
  const files = checked.map(({ file, layer, faults: own }) => ({ file, layer, faults: own }));
  return `${escapedJson({ files, faults })}\n`;
}
