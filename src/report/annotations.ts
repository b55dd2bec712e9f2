import type { Finding, Severity } from '../domain/finding.ts';
import type { CheckAnnotation } from '../ports/check-runs.ts';
import { notesOf } from './finding-notes.ts';
import { inOrder } from './order.ts';
import { plain, plainLine } from './sanitise.ts';

const levels: Readonly<Record<Severity, CheckAnnotation['level']>> = {
  error: 'failure',
  warning: 'warning',
  info: 'notice',
};

/** GitHub's limits: 255 characters of title, 64 KiB of message (OpenAPI, checks/create). */
const maxTitleLength = 255;
const maxMessageLength = 16_000;

/**
 * Most annotations of one check. They go out in requests of 50, paced to one a second an installation: a
 * task's whole 5,000 would hold up every other check of the organisation for minutes.
 */
export const maxAnnotations = 500;

/**
 * Findings as annotations, worst first, up to the limit. Annotations need not lie in the diff. Where `idOf` knows an id,
 * it is told: by it a finding without a comment is dismissed.
 */
export function annotationsOf(
  findings: readonly Finding[],
  idOf: ReadonlyMap<Finding, string>,
): CheckAnnotation[] {
  return inOrder(findings)
    .slice(0, maxAnnotations)
    .map((finding) => annotationOf(finding, idOf.get(finding)));
}

function annotationOf(finding: Finding, id: string | undefined): CheckAnnotation {
  const { tool, rule, path, severity, message } = finding;
  return {
    path,
    ...placeOf(finding),
    level: levels[severity],
    title: plainLine(`${tool}: ${rule}`, maxTitleLength),
    message: [plain(message, maxMessageLength), ...notesOf(finding), ...idLine(id)].join('\n'),
  };
}

function idLine(id: string | undefined): string[] {
  return id === undefined ? [] : [`Id: ${id}`];
}

type Place = Pick<CheckAnnotation, 'startLine' | 'endLine' | 'startColumn' | 'endColumn'>;

/** GitHub takes columns only on a single line; a finding about the whole file goes to its first line. */
function placeOf(finding: Finding): Place {
  const { startLine, endLine, startColumn, endColumn } = finding.range ?? {
    startLine: 1,
    endLine: 1,
  };
  if (startLine !== endLine || startColumn === undefined) return { startLine, endLine };
  // Ours ends before `endColumn`; GitHub's examples end on it.
  const lastColumn = Math.max(startColumn, (endColumn ?? startColumn) - 1);
  return { startLine, endLine, startColumn, endColumn: lastColumn };
}
