import type { LayerName, PolicyFault } from '../../policy/fault.ts';
import { counted } from '../counted.ts';
import { section } from '../fit-items.ts';
import { safeText } from '../sanitise.ts';

/** Bytes of the list, and of one row; the whole summary stays below GitHub's 65,535. */
const [maxListBytes, maxRowLength] = [20_000, 600];

/** What is wrong, and in which line the layer above says otherwise. Its file is the operator's own affair. */
export function faultWords({ message, above }: PolicyFault): string {
  if (above === undefined) return `${message}.`;
  return `${message} (${above.layer}’s policy, line ${above.line}).`;
}

/** The title of a check of a policy with faults; those of the layers above come first. */
export function faultTitle(faults: readonly PolicyFault[], layer: LayerName): string {
  const other = faults.find(({ at }) => at.layer !== layer);
  if (other !== undefined) return `The ${other.at.layer}’s policy above is at fault`;
  return `${counted(faults.length, 'fault')} in this policy`;
}

/** Faults as a list, each with its layer and line. */
export function faultsSection(faults: readonly PolicyFault[]): string {
  const rows = faults.map((fault) => {
    const key = fault.path === '' ? '' : `${fault.path}: `;
    return `${fault.at.layer}, line ${fault.at.line}: ${safeText(`${key}${faultWords(fault)}`, maxRowLength)}`;
  });
  return section('Faults', rows, maxListBytes);
}
