import type { Outcome } from '../domain/outcome.ts';
import { escapedJson } from './escaped-json.ts';
import type { LocalReport } from './local-report.ts';
import { comparePlace, inOrder } from './order.ts';
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
    // Left out where nothing of the kind was asked for.
    ending: outcome.ending,
    opinions: opinionsJson(outcome),
    verification: outcome.verification,
    proof: outcome.proof,
    mergeBaseSha: outcome.mergeBaseSha,
    inputDigest: outcome.inputDigest,
    imageDigest: outcome.imageDigest,
    runtime: outcome.runtime,
  })}\n`;
}

/** What a second agent said of each finding, as the first one had it: those that were dropped are nowhere else. */
function opinionsJson({ opinions }: Pick<Outcome, 'opinions'>) {
  if (opinions === undefined) return undefined;
  const { agent, failure, items } = opinions;
  const inPlace = items.toSorted((a, b) => comparePlace(a.finding, b.finding));
  const judged = inPlace.map(({ finding, verdict, action, reason }) => ({
    finding: findingJson(finding),
    verdict,
    action,
    reason,
  }));
  return { agent, failure, judged };
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
