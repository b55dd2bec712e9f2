import { z } from 'zod';
import type { RelatedPlace, Severity } from '../../../../src/domain/finding.ts';
import type { RepoPath } from '../../../../src/domain/repo-path.ts';
import type { TextEdit } from '../../../../src/domain/text-edit.ts';
import { columnUnitOf } from '../column-unit-of.ts';
import { repoPathOf } from '../repo-place.ts';
import { type ReportDraft, toolName } from '../report-draft.ts';
import { Diagnostic, DiagnosticResult } from './diagnostics.ts';
import { areDisjoint, editOf, rangeOf } from './read-ranges.ts';

/** By name, and by the numbers of the protobuf enum. */
const severities = new Map<unknown, Severity>([
  ['ERROR', 'error'],
  ['WARNING', 'warning'],
  ['INFO', 'info'],
  [1, 'error'],
  [2, 'warning'],
  [3, 'info'],
]);

/** What an rdjson file says for all its diagnostics. */
type Defaults = Pick<DiagnosticResult, 'source' | 'severity'>;

/**
 * Reads an rdjson file into `draft`. Diagnostics about no file of the repository are counted as the tool's error.
 * @throws ZodError for another shape
 */
export function readRdjson(text: string, draft: ReportDraft, workspace: string): void {
  const { diagnostics, ...defaults } = DiagnosticResult.parse(JSON.parse(text));
  if (defaults.source?.name) draft.tool(defaults.source.name, '?');
  addAll(diagnostics ?? [], defaults, { draft, workspace });
}

/** The same for rdjsonl: a diagnostic a line. @throws Error that names the line which is not JSON, ZodError */
export function readRdjsonl(text: string, draft: ReportDraft, workspace: string): void {
  const rows = text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    return [parseLine(line, index + 1)];
  });
  addAll(z.array(Diagnostic).parse(rows), {}, { draft, workspace });
}

function parseLine(line: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new Error(`the report is not JSON on line ${number}`, { cause });
  }
}

function addAll(
  diagnostics: readonly Diagnostic[],
  defaults: Defaults,
  { draft, workspace }: { readonly draft: ReportDraft; readonly workspace: string },
): void {
  const strays = new Map<string, number>();
  for (const one of diagnostics) {
    const tool = one.source?.name || defaults.source?.name || 'rdjson';
    draft.tool(tool, '?');
    const path = repoPathOf(one.location.path, workspace);
    if (path === undefined) strays.set(tool, (strays.get(tool) ?? 0) + 1);
    else
      draft.add(tool, {
        ...candidateOf(one, toolName(tool), workspace),
        path,
        severity: severityOf(one, defaults),
      });
  }
  for (const [tool, count] of strays)
    draft.error(tool, `${count} of its results are about no file of the repository`);
}

function candidateOf(one: Diagnostic, tool: string, workspace: string) {
  const { range } = one.location;
  return {
    rule: one.code?.value || '?',
    message: one.message,
    range: range ? rangeOf(range) : undefined,
    helpUrl: one.code?.url ?? undefined,
    related: relatedOf(one, workspace),
    edits: editsOf(one),
    columnUnit: columnUnitOf(tool, 'rdjson'),
  };
}

function severityOf({ severity }: Diagnostic, defaults: Defaults): Severity {
  return severities.get(severity) ?? severities.get(defaults.severity) ?? 'warning';
}

/** Lines alone: nobody measures columns in the other file. */
function relatedOf({ related_locations }: Diagnostic, workspace: string): RelatedPlace[] {
  return (related_locations ?? []).flatMap(({ message, location }) => {
    const path: RepoPath | undefined = location ? repoPathOf(location.path, workspace) : undefined;
    if (path === undefined) return [];
    const place = location?.range ? rangeOf(location.range) : undefined;
    const { startLine, endLine } = place ?? {};
    const range = startLine && endLine ? { range: { startLine, endLine } } : {};
    return [{ path, ...range, message: message || 'see also' }];
  });
}

/** All suggestions as one fix, as tools mean them that write an edit each; the first where they overlap. */
function editsOf({ suggestions }: Diagnostic): readonly TextEdit[] | null | undefined {
  if (!suggestions || suggestions.length === 0) return undefined;
  const edits = suggestions.flatMap((one) => editOf(one) ?? []);
  if (edits.length < suggestions.length) return null;
  return areDisjoint(edits) ? edits : edits.slice(0, 1);
}
