import type { ColumnUnit } from '../../../../src/domain/column-unit.ts';
import type { RelatedPlace } from '../../../../src/domain/finding.ts';
import { digestOf } from '../../../../src/domain/ids.ts';
import type { RepoPath } from '../../../../src/domain/repo-path.ts';
import type { TextEdit } from '../../../../src/domain/text-edit.ts';
import { columnUnitOf } from '../column-unit-of.ts';
import { type ReportDraft, toolName } from '../report-draft.ts';
import { editOf, rangeOf } from './read-regions.ts';
import { SarifFiles } from './sarif-files.ts';
import type { Fix, Invocation, Location, Result, Run } from './sarif-log.ts';
import { SarifLog } from './sarif-log.ts';
import { confidenceOf, SarifRules, severityOf } from './sarif-rules.ts';

const units = { utf16CodeUnits: 'utf16', unicodeCodePoints: 'code-points' } as const;

/**
 * Reads a SARIF 2.1.0 log into `draft`: the results of all runs that are neither suppressed, passed nor
 * absent. What has no place in the repository is counted as the tool's error, and so are its own.
 * @throws ZodError for another shape
 */
export function readSarif(json: unknown, draft: ReportDraft, workspace: string): void {
  for (const run of SarifLog.parse(json).runs) new RunReader(run, draft, workspace).read();
}

class RunReader {
  readonly #run: Run;
  readonly #draft: ReportDraft;
  readonly #files: SarifFiles;
  readonly #rules: SarifRules;
  readonly #tool: string;
  readonly #unit: ColumnUnit;

  constructor(run: Run, draft: ReportDraft, workspace: string) {
    this.#run = run;
    this.#draft = draft;
    this.#files = new SarifFiles(run, workspace);
    this.#rules = new SarifRules(run);
    this.#tool = toolName(run.tool.driver.name);
    const declared = run.columnKind ? units[run.columnKind] : undefined;
    this.#unit = columnUnitOf(this.#tool, 'sarif', declared);
  }

  read(): void {
    const { driver } = this.#run.tool;
    this.#draft.tool(driver.name, driver.semanticVersion ?? driver.version ?? '?');
    for (const invocation of this.#run.invocations ?? []) this.#readInvocation(invocation);
    if (!this.#run.results) this.#draft.error(this.#tool, 'it did not come to results');
    const open = (this.#run.results ?? []).filter(isOpen);
    const strays = open.filter((result) => !this.#add(result)).length;
    if (strays > 0) {
      const message = `${strays} of its results are about no file of the repository`;
      this.#draft.error(this.#tool, message);
    }
  }

  #readInvocation(invocation: Invocation): void {
    const errors = [
      ...(invocation.toolExecutionNotifications ?? []),
      ...(invocation.toolConfigurationNotifications ?? []),
    ].filter(({ level }) => level === 'error');
    for (const { message } of errors)
      this.#draft.error(this.#tool, this.#rules.textOf(message) ?? 'an error without a message');
    if (invocation.executionSuccessful === false && errors.length === 0)
      this.#draft.error(this.#tool, 'it says that it did not end well');
  }

  #add(result: Result): boolean {
    const place = result.locations?.[0]?.physicalLocation;
    const path = place?.artifactLocation ? this.#files.pathOf(place.artifactLocation) : undefined;
    if (path === undefined) return false;
    const rule = this.#rules.ruleOf(result);
    const id = result.ruleId ?? result.rule?.id ?? rule?.id ?? '?';
    this.#draft.add(this.#tool, {
      rule: id,
      severity: severityOf(result, rule),
      path,
      range: place?.region ? rangeOf(place.region) : undefined,
      message: this.#rules.textOf(result.message, rule) ?? rule?.shortDescription?.text ?? id,
      helpUrl: rule?.helpUri ?? undefined,
      confidence: confidenceOf(result, rule),
      related: (result.relatedLocations ?? []).flatMap((one) => this.#relatedOf(one) ?? []),
      toolFingerprint: fingerprintOf(result),
      edits: this.#editsOf(result, path),
      columnUnit: this.#unit,
    });
    return true;
  }

  #relatedOf({ message, physicalLocation }: Location): RelatedPlace | undefined {
    const { artifactLocation, region } = physicalLocation ?? {};
    const path = artifactLocation ? this.#files.pathOf(artifactLocation) : undefined;
    if (path === undefined) return undefined;
    const range = region ? rangeOf(region) : undefined;
    const { startLine, endLine } = range ?? {};
    // Nobody measures these in the other file.
    const lines =
      startLine === undefined || endLine === undefined ? {} : { range: { startLine, endLine } };
    const exact = range !== undefined && this.#unit === 'utf16' ? { range } : lines;
    return { path, ...exact, message: (message && this.#rules.textOf(message)) || 'see also' };
  }

  /** The first fix that is edits of the finding's own file; null when there are only others. */
  #editsOf(result: Result, path: RepoPath): readonly TextEdit[] | null | undefined {
    const fixes = result.fixes ?? [];
    if (fixes.length === 0) return undefined;
    return fixes.map((fix) => this.#editsOfFix(fix, path)).find((edits) => edits !== null) ?? null;
  }

  #editsOfFix({ artifactChanges }: Fix, path: RepoPath): readonly TextEdit[] | null {
    const edits: TextEdit[] = [];
    for (const { artifactLocation, replacements } of artifactChanges) {
      if (this.#files.pathOf(artifactLocation) !== path) return null;
      for (const { deletedRegion, insertedContent } of replacements) {
        const edit = editOf(deletedRegion, insertedContent?.text ?? '');
        if (edit === undefined || insertedContent?.binary) return null;
        edits.push(edit);
      }
    }
    return edits;
  }
}

/** SARIF 3.27.9, 3.27.23, 3.27.24: does the result still say that something is wrong? */
function isOpen({ kind, baselineState, suppressions }: Result): boolean {
  if (kind === 'pass' || kind === 'notApplicable' || baselineState === 'absent') return false;
  const open = ['underReview', 'rejected'];
  const isSuppressed =
    suppressions?.length && !suppressions.some(({ status }) => status && open.includes(status));
  return !isSuppressed;
}

/** `fingerprints` name a result alone; `partialFingerprints` add to what it is about (SARIF 3.27.16, 3.27.17). */
function fingerprintOf({ fingerprints, partialFingerprints }: Result): string | undefined {
  const marks = Object.entries(fingerprints ?? partialFingerprints ?? {});
  const text = marks
    .map((pair) => pair.join('='))
    .sort()
    .join(',');
  return text.length > 200 ? digestOf(text) : text;
}
