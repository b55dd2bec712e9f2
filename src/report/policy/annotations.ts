import type { PolicyFault } from '../../policy/fault.ts';
import type { CheckAnnotation } from '../../ports/github.ts';
import { plain, plainLine } from '../sanitise.ts';
import { faultWords } from './fault-section.ts';

/** GitHub's limit of a title (OpenAPI, checks/create), and more than any message of ours. */
const [maxTitleLength, maxMessageLength] = [255, 4_000];

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
