import { escapedJson } from './escaped-json.ts';
import { toLocalJson } from './local-json.ts';
import type { LocalReport } from './local-report.ts';
import { toLocalText } from './local-text.ts';
import { toRdjsonl } from './rdjsonl.ts';
import { toSarif } from './sarif.ts';

/** The outcome for a terminal or a file, ended by a line feed. No hostile control character survives. */
export function renderLocal(report: LocalReport): string {
  if (report.format === 'text') return toLocalText(report);
  if (report.format === 'json') return toLocalJson(report);
  if (report.format === 'rdjsonl') return toRdjsonl(report);
  return `${escapedJson(toSarif(report.outcome, report.files, report.gate))}\n`;
}
