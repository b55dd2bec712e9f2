import { Finding, maxRelated, type RelatedPlace } from '../../../src/domain/finding.ts';
import type { TextEdit } from '../../../src/domain/text-edit.ts';
import { maxFixEdits } from '../../../src/domain/text-edit.ts';
import { type AgentReport, maxEdits } from '../../../src/protocol/agent-report.ts';
import type { ReportedFinding } from '../../../src/protocol/reported-finding.ts';

const maxListed = 64;
const noFix = '\n(Its fix was left out: it is not a few text edits of this one file.)';

/** A finding as a tool's own format has it, its text of any length. */
export type Candidate = Pick<ReportedFinding, 'severity' | 'path' | 'columnUnit'> & {
  readonly rule: string;
  readonly message: string;
  readonly range?: ReportedFinding['range'] | undefined;
  readonly helpUrl?: string | undefined;
  readonly confidence?: ReportedFinding['confidence'] | undefined;
  readonly related?: readonly RelatedPlace[];
  readonly toolFingerprint?: string | undefined;
  /** Null: there is a fix, and it is nothing that a finding can carry. */
  readonly edits?: readonly TextEdit[] | null | undefined;
};

/** A report in the making, of what another format says. Cuts texts to the sizes of the contract. */
export class ReportDraft {
  readonly #findings: ReportedFinding[] = [];
  readonly #tools = new Map<string, string>();
  readonly #errors = new Map<string, { readonly tool: string; readonly message: string }>();
  #edits = 0;

  /** Names a tool that ran; a name is told once. */
  tool(name: string, version: string): void {
    if (this.#tools.size < maxListed && !this.#tools.has(toolName(name)))
      this.#tools.set(toolName(name), clip(version, 64));
  }

  /** Says that a tool could not do (all of) its work; without this a silent tool is a clean bill. */
  error(tool: string, message: string): void {
    const row = { tool: toolName(tool), message: clip(message, 2_000) };
    this.#errors.set(JSON.stringify(row), row);
  }

  /** Takes a finding of this tool. */
  add(tool: string, one: Candidate): void {
    const edits = this.#take(one.edits);
    const message = edits === null ? clip(one.message, 8_000 - noFix.length) + noFix : one.message;
    this.#findings.push({
      tool: toolName(tool),
      rule: clip(one.rule, 200),
      severity: one.severity,
      path: one.path,
      message: clip(message, 8_000),
      ...defined({ range: one.range, confidence: one.confidence, columnUnit: one.columnUnit }),
      ...defined({ helpUrl: Finding.shape.helpUrl.safeParse(one.helpUrl).data }),
      ...defined({ fix: edits === null || edits === undefined ? undefined : { edits } }),
      ...relatedOf(one.related ?? []),
      ...(one.toolFingerprint ? { toolFingerprint: clip(one.toolFingerprint, 200) } : {}),
    });
  }

  /** The report. */
  finish(): AgentReport {
    const errors = [...this.#errors.values()];
    const isCut = errors.length > maxListed;
    const told = errors.slice(0, isCut ? maxListed - 1 : maxListed);
    const rest = { tool: 'report', message: `${errors.length - told.length} more errors of tools` };
    return {
      findings: this.#findings,
      tools: [...this.#tools].map(([name, version]) => ({ name, version })),
      toolErrors: isCut ? [...told, rest] : told,
    };
  }

  #take(edits: Candidate['edits']): TextEdit[] | null | undefined {
    if (edits === undefined || edits === null) return edits;
    if (edits.length === 0) return undefined;
    if (edits.length > maxFixEdits || this.#edits + edits.length > maxEdits) return null;
    this.#edits += edits.length;
    return [...edits];
  }
}

/** A tool's name as the contract has it: lower case, without blanks and signs. */
export function toolName(name: string): string {
  const slug = name
    .slice(0, 200)
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 64);
  return slug === '' ? 'tool' : slug;
}

/** Well-formed text of at most `max` UTF-16 units; `?` when there is none. */
function clip(text: string, max: number): string {
  const trimmed = text.trim();
  const cut = trimmed.length > max ? `${trimmed.slice(0, max - 1)}…` : trimmed;
  return cut === '' ? '?' : cut.toWellFormed();
}

function relatedOf(related: readonly RelatedPlace[]): Pick<ReportedFinding, 'related'> {
  if (related.length === 0) return {};
  return {
    related: related
      .slice(0, maxRelated)
      .map((place) => ({ ...place, message: clip(place.message, 500) })),
  };
}

type Defined<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

function defined<T extends object>(fields: T): Defined<T> {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Defined<T>;
}
