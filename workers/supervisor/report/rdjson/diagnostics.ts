import { z } from 'zod';

const text = z.string().nullish();
/** 0 is protobuf's word for absent. */
const number = z.int().nullish();

const Position = z.object({ line: number, column: number });

/**
 * A start without end is that place alone, an end that is exclusive where it has a column. Without columns
 * both lines are meant, whole.
 */
const DiagnosticRange = z.object({ start: Position.nullish(), end: Position.nullish() });
export type DiagnosticRange = z.infer<typeof DiagnosticRange>;

const Location = z.object({ path: z.string(), range: DiagnosticRange.nullish() });

const Severity = z.union([z.string(), z.int()]).nullish();
const Source = z.object({ name: text }).nullish();

const Suggestion = z.object({ range: DiagnosticRange, text: text });
export type Suggestion = z.infer<typeof Suggestion>;

/** `Diagnostic` of reviewdog's Diagnostic Format, as far as it is read. */
export const Diagnostic = z.object({
  message: z.string(),
  location: Location,
  severity: Severity,
  source: Source,
  code: z.object({ value: text, url: text }).nullish(),
  suggestions: z.array(Suggestion).nullish(),
  related_locations: z.array(z.object({ message: text, location: Location.nullish() })).nullish(),
});
export type Diagnostic = z.infer<typeof Diagnostic>;

/** `DiagnosticResult`: the whole of an rdjson file. */
export const DiagnosticResult = z.object({
  diagnostics: z.array(Diagnostic).nullish(),
  source: Source,
  severity: Severity,
});
export type DiagnosticResult = z.infer<typeof DiagnosticResult>;
