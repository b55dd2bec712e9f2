import { z } from 'zod';
import type { Finding, Severity } from '../../../../src/domain/finding.ts';
import { makeFinding } from '../make-finding.ts';
import type { SourceFile } from '../source-file.ts';

const place = z.object({ line: z.number(), column: z.number() });

/** What is read of Biome's `--reporter=json` (2.5); unknown keys are passed over. */
const BiomeOutput = z.object({
  diagnostics: z.array(
    z.object({
      severity: z.string(),
      message: z.string(),
      category: z.string(),
      location: z.object({ path: z.string(), start: place, end: place }),
    }),
  ),
});

/** A Biome diagnostic with the file it is about. `finding` is null for formatting and import order. */
export type BiomeDiagnostic = { readonly file: SourceFile; readonly finding: Finding | null };

/**
 * Biome's JSON report as diagnostics of the files that were asked for; null when it is not one, or
 * when it says that a file was not processed.
 */
export function readBiomeOutput(
  stdout: string,
  files: readonly SourceFile[],
): BiomeDiagnostic[] | null {
  const output = BiomeOutput.safeParse(parseJson(stdout));
  if (!output.success) return null;
  const byPath = new Map<string, SourceFile>(files.map((file) => [file.path, file]));
  const diagnostics: BiomeDiagnostic[] = [];
  for (const { severity, message, category, location } of output.data.diagnostics) {
    const file = byPath.get(location.path.replace(/^\.\//, ''));
    if (file === undefined || category.startsWith('internalError')) return null;
    const isLint = category.startsWith('lint/') || category.startsWith('parse');
    const finding = makeFinding(file, {
      tool: 'biome',
      rule: category,
      severity: severityOf(severity),
      message,
      place: {
        line: location.start.line,
        column: location.start.column,
        endLine: location.end.line,
        endColumn: location.end.column,
      },
      ...helpOf(category),
    });
    diagnostics.push({ file, finding: isLint ? finding : null });
  }
  return diagnostics;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function severityOf(severity: string): Severity {
  if (severity === 'error' || severity === 'fatal') return 'error';
  return severity === 'warning' ? 'warning' : 'info';
}

function helpOf(category: string): { helpUrl?: string } {
  const rule = /^lint\/[a-z0-9]+\/([A-Za-z0-9]{1,80})$/.exec(category)?.[1];
  if (rule === undefined) return {};
  const slug = rule.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return { helpUrl: `https://biomejs.dev/linter/rules/${slug.replace(/^-/, '')}` };
}
