import type { Outcome } from '../domain/outcome.ts';
import { escapedJson } from './escaped-json.ts';
import type { LocalReport } from './local-report.ts';
import { inOrder } from './order.ts';
import { patchPieces } from './patch-text.ts';

/** The outcome as JSON with a fixed order of keys and findings: the same outcome gives the same bytes. */
export function toLocalJson(report: Pick<LocalReport, 'outcome' | 'files' | 'gate'>): string {
  const { outcome, files, gate } = report;
  const patch = files.flatMap((file) => patchPieces(file.path, file)).join('');
  return `${escapedJson({
    version: 1,
    findings: inOrder(outcome.findings).map(findingJson),
    changes: outcome.changes.map(({ path, before, after }) => ({ path, before, after })),
    ...(gate === null ? {} : { patch, gate: { status: gate.status, reasons: gate.reasons } }),
    refused: outcome.refused,
    omitted: outcome.omitted,
    replaced: outcome.replaced,
    tools: outcome.tools,
    toolErrors: outcome.toolErrors,
    mergeBaseSha: outcome.mergeBaseSha,
    inputDigest: outcome.inputDigest,
    imageDigest: outcome.imageDigest,
    runtime: outcome.runtime,
  })}\n`;
}

function findingJson(finding: Outcome['findings'][number]) {
  const { path, range, severity, tool, rule, message, helpUrl } = finding;
  const { confidence, related, toolFingerprint } = finding;
  return {
    path,
    range: range ?? null,
    severity,
    tool,
    rule,
    message,
    helpUrl: helpUrl ?? null,
    // Left out where the tool does not say; `JSON.stringify` does so with undefined.
    confidence,
    related,
    toolFingerprint,
  };
}
