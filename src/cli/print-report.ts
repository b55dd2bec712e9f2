import { gatePatch } from '../approval/gate-patch.ts';
import type { AgentVerdict } from '../dispatch/run-agent.ts';
import type { EffectiveTask } from '../policy/effective-policy.ts';
import { renderLocal } from '../report/local.ts';
import type { LocalGate } from '../report/local-report.ts';
import type { ReviewOptions } from './review-options.ts';
import { writeOut } from './write-out.ts';

/** A run that has a result. */
export type LocalOutcome = Extract<AgentVerdict, { status: 'outcome' }>;

/** Writes the result to `out`: for people on a terminal, for machines elsewhere, unless a format was asked for. */
export async function printReport(
  { options, rules }: { readonly options: ReviewOptions; readonly rules: EffectiveTask },
  verdict: LocalOutcome,
  out: NodeJS.WriteStream,
): Promise<void> {
  const text = renderLocal({
    format: options.format ?? (out.isTTY ? 'text' : 'json'),
    outcome: verdict.outcome,
    files: verdict.files,
    sources: await sourcesOf(verdict),
    gate: options.fix ? gateOf(rules, verdict) : null,
    isColoured: out.isTTY && out.hasColors(),
  });
  await writeOut(out, text);
}

/** Gate 2's word on the patch, as on GitHub before anybody is asked. */
function gateOf(rules: EffectiveTask, { outcome, files }: LocalOutcome): LocalGate {
  const afterBytes = new Map(
    files.flatMap(({ path, after }) => (after === null ? [] : [[path, after] as const])),
  );
  return { reasons: [], ...gatePatch(rules, { ...outcome, afterBytes }) };
}

/** Head bytes of the files that findings are about. */
async function sourcesOf({ outcome, snapshot }: LocalOutcome): Promise<Map<string, Uint8Array>> {
  const sources = new Map<string, Uint8Array>();
  const omitted = new Set(outcome.omitted.map((row) => row.path));
  for (const path of new Set(outcome.findings.map((finding) => finding.path))) {
    // What the agent was not given for its size is not read for it either.
    if (omitted.has(path)) continue;
    const file = await snapshot.readHead(path);
    if (file !== undefined) sources.set(path, file.bytes);
  }
  return sources;
}
