import { z } from 'zod';
import type { Severity } from '../../../../src/domain/finding.ts';

const place = { line: z.int(), column: z.int(), endLine: z.int(), endColumn: z.int() };

const Replacement = z.object({ ...place, replacement: z.string() });
export type Replacement = z.infer<typeof Replacement>;

/** One comment of `shellcheck -f json1`; columns are code points, a tab counts as one. */
const Comment = z.object({
  file: z.string(),
  ...place,
  level: z.string(),
  code: z.int(),
  message: z.string(),
  fix: z.object({ replacements: z.array(Replacement) }).nullable(),
});
export type ShellcheckComment = z.infer<typeof Comment>;

const Output = z.object({ comments: z.array(Comment) });

/** The comments of a `json1` report; null when it is not one. */
export function readShellcheckOutput(stdout: string): ShellcheckComment[] | null {
  try {
    const output = Output.safeParse(JSON.parse(stdout));
    return output.success ? output.data.comments : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/**
 * shellcheck's error level stays error but for SC2148, a script library without a shebang, which
 * runs well; warning stays; info and style are info.
 */
export function shellcheckSeverity(level: string, code: number): Severity {
  if (code === 2148) return 'info';
  if (level === 'error') return 'error';
  return level === 'warning' ? 'warning' : 'info';
}
