import { describeFault, type PolicyFault } from '../policy/fault.ts';
import type { CheckAnnotation } from '../ports/check-runs.ts';
import { section } from './fit-items.ts';
import type { CheckView } from './plan-state.ts';
import { annotated } from './policy/annotations.ts';
import { plainLine, safeText } from './sanitise.ts';

/** Bytes for the list of faults, and characters of one; a check's summary takes 65,535. */
const maxListBytes = 30_000;
const maxFaultLength = 600;
/** GitHub's limits: 255 characters of title (OpenAPI, checks/create). */
const maxTitleLength = 255;

/** A check of a pull request for which there is no policy, because layers of it are wrong. */
export function planFaults(faults: readonly PolicyFault[], baseRef: string): CheckView {
  const { marked, note } = annotated(faults.filter(({ at }) => at.layer === 'repository'));
  const summary = [
    'The policy here is not valid, so nothing runs: no task goes by a policy without the part that is wrong.',
    `Correct the files named below. That of the repository counts as it stands on ${safeText(baseRef, 200)}, and not as this pull request has it. Then re-run this check.`,
    `${faultList(faults)}${note}`,
  ].join('\n\n');
  return {
    state: { status: 'completed', conclusion: 'failure' },
    output: { title: 'The policy is not valid', summary },
    annotations: marked.map(annotationOf),
    actions: [],
  };
}

/** Every fault with its places, as a Markdown list. */
export function faultList(faults: readonly PolicyFault[]): string {
  const rows = faults.map((fault) => safeText(describeFault(fault), maxFaultLength));
  return section('Faults', rows, maxListBytes);
}

function annotationOf(fault: PolicyFault): CheckAnnotation {
  const { at, path } = fault;
  return {
    path: at.file,
    startLine: at.line,
    endLine: at.line,
    level: 'failure',
    title: plainLine(`Policy${path === '' ? '' : `: ${path}`}`, maxTitleLength),
    message: plainLine(describeFault(fault), maxFaultLength),
  };
}
