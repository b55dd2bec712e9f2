import type { Finding, Severity } from '../../../src/domain/finding.ts';
import { columnFromCodePoints } from './lines.ts';
import { type ColumnUnit, rangeOf, type ToolPlace } from './place.ts';
import type { SourceFile } from './source-file.ts';

const maxMessage = 2_000;

/** The parts of a finding as a tool gives them, before they are made to fit the contract. */
export type RawFinding = {
  readonly tool: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly place?: ToolPlace;
  readonly unit?: ColumnUnit;
  readonly helpUrl?: string;
};

/** What a place is resolved against. */
export type Placed = Pick<SourceFile, 'path' | 'lines'>;

/** A `Finding` on `file` that keeps the contract's sizes; control characters become spaces. */
export function makeFinding(file: Placed, raw: RawFinding): Finding {
  const range = raw.place && rangeOf(file, raw.place, raw.unit ?? columnFromCodePoints);
  return {
    tool: raw.tool,
    rule: oneLine(raw.rule, 200),
    severity: raw.severity,
    path: file.path,
    ...(range === undefined ? {} : { range }),
    message: oneLine(raw.message, maxMessage),
    ...(raw.helpUrl === undefined ? {} : { helpUrl: raw.helpUrl }),
  };
}

/** Text on one line, well-formed, trimmed and at most `max` UTF-16 units; `?` when nothing is left. */
export function oneLine(text: string, max: number): string {
  const flat = text
    .slice(0, max * 4)
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim();
  const cut = flat.length > max ? `${flat.slice(0, max - 1)}…` : flat;
  return cut === '' ? '?' : cut.toWellFormed();
}
