import { maxFaults, type PolicyFault } from '../../policy/fault.ts';
import type { CheckAnnotation } from '../../ports/check-runs.ts';
import { counted } from '../counted.ts';
import { plain, plainLine } from '../sanitise.ts';
import { faultWords } from './fault-section.ts';

/** GitHub's limit of a title (OpenAPI, checks/create), and more than any message of ours. */
const [maxTitleLength, maxMessageLength] = [255, 4_000];

/**
 * Those of the faults that become annotations; `note` says how many do not, and is empty when all do. A file from
 * a stranger can have a thousand, and every 50 are one more of the installation's requests.
 */
export function annotated(faults: readonly PolicyFault[]): {
  readonly marked: readonly PolicyFault[];
  readonly note: string;
} {
  const rest = faults.length - maxFaults;
  const note = rest <= 0 ? '' : `\n\n${counted(rest, 'more fault')} left without an annotation.`;
  return { marked: faults.slice(0, maxFaults), note };
}

/** Faults of the file at `path` as annotations on their lines. */
export function annotationsOfFaults(
  faults: readonly PolicyFault[],
  path: string,
): readonly CheckAnnotation[] {
  return faults.map((fault) => ({
    path,
    startLine: fault.at.line,
    endLine: fault.at.line,
    startColumn: fault.at.column,
    endColumn: fault.at.column,
    level: 'failure',
    title: plainLine(fault.path === '' ? 'policy' : fault.path, maxTitleLength),
    message: plain(faultWords(fault), maxMessageLength),
  }));
}
