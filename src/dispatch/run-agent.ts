import { EgressMeters } from '../broker/meters.ts';
import type { Digest } from '../domain/ids.ts';
import { type Outcome, patchDigestOf } from '../domain/outcome.ts';
import type { SourceSnapshot } from '../ports/source.ts';
import type { AgentPorts, AgentRun } from './agent-run.ts';
import { goneFindings } from './gone-findings.ts';
import { judgeResult } from './judge-result.ts';
import { keepChanges } from './keep-changes.ts';
import { prepareInput } from './prepare-input.ts';
import { runStage, type StageFailure, type StageResult } from './run-stage.ts';
import { agentShareMs } from './share-time.ts';
import { Spent } from './spent.ts';
import { tryPatch } from './try-patch.ts';
import { type CheckedResult, checkResult, type FileChange } from './validate-result.ts';

/** The validated outcome with the bytes it is about, or how the run ended without one. */
export type AgentVerdict =
  | {
      readonly status: 'outcome';
      readonly outcome: Outcome;
      readonly patchDigest: Digest;
      readonly files: readonly FileChange[];
      readonly snapshot: SourceSnapshot;
    }
  | StageFailure;

/**
 * Prepares the input, runs the sandbox, checks the result against the pristine tree, has its findings judged and its patch
 * tried as the policy says, and stores its bytes.
 * A secret in any of it ends the run as `incident:secret-in-output`.
 */
export async function runAgent(ports: AgentPorts, run: AgentRun): Promise<AgentVerdict> {
  const { image, reach } = run;
  const rules = withinShare(run);
  const { snapshot, shown, bundle, promptDigest } = await prepareInput(ports, { ...run, rules });
  await run.onPrepared(bundle.digest, promptDigest);
  const stage = { name: 'agent', image, bundle: bundle.stream, rules, reach } as const;
  const spent = new Spent(ports.clock);
  const staged = { ports, run, network: new EgressMeters(reach.limits) };
  const taken = await spent.timed(() =>
    runStage(staged, stage, (result) => takeResult(snapshot, rules.agent, result)),
  );
  if (taken.status !== 'taken') return taken;
  spent.see(taken.result.peaks);
  const ground = { ...staged, snapshot, changedFiles: shown, spent };
  const judged = await judgeResult(ground, taken.result, taken.checked);
  if ('status' in judged) return judged;
  const { checked, ...said } = judged;
  const tried = await tryPatch(ground, checked);
  if ('status' in tried) return tried;
  const { files } = checked;
  const changes = await keepChanges(ports.artifacts, files);
  const outcome: Outcome = {
    ...outcomeOf(run, snapshot, { ...taken, checked }),
    changes,
    ...(run.known === undefined
      ? {}
      : { gone: [...(await goneFindings(snapshot, run.known, run.signal))] }),
    diffDigest: await ports.artifacts.put(snapshot.diff),
    inputDigest: bundle.digest,
    runMs: spent.ms,
    peaks: spent.peaks,
    ...said,
    ...tried,
  };
  return { status: 'outcome', outcome, patchDigest: patchDigestOf(changes), files, snapshot };
}

/** The rules of the agent's own stage: what comes after it has time of its own. */
function withinShare(run: AgentRun): AgentRun['rules'] {
  return { ...run.rules, limits: { ...run.rules.limits, wallClockMs: agentShareMs(run) } };
}

/** A result that was looked at: nothing of it is stored yet. */
interface Taken {
  readonly status: 'taken';
  readonly result: StageResult;
  readonly report: NonNullable<StageResult['result']['manifest']['report']>;
  readonly checked: CheckedResult;
}

async function takeResult(
  snapshot: SourceSnapshot,
  name: string,
  result: StageResult,
): Promise<Taken | StageFailure> {
  const { agent, report } = result.result.manifest;
  // What an agent said before its time was over is kept where the sandbox says that it is not all.
  const isPartial = report?.toolErrors.some(({ tool }) => tool === name) === true;
  if (agent.timedOut && !isPartial) return { status: 'timed-out', reason: 'limit:wall-clock' };
  if (report === null) return { status: 'failed', reason: result.modelLimit ?? 'result:no-report' };
  const checked = await checkResult(snapshot, result.result);
  // Before anything is stored: what is withheld must not lie about either.
  result.guard.checkResult(checked, report, result.secrets);
  return { status: 'taken', result, report, checked };
}

/** What the result says, without what is stored for it. */
function outcomeOf(
  { rules, purpose }: AgentRun,
  { omitted, replaced, mergeBaseSha }: SourceSnapshot,
  { result, report, checked }: Taken,
): Omit<Outcome, 'changes' | 'diffDigest' | 'inputDigest' | 'runMs'> {
  const { imageDigest } = result;
  const limit = stoppedAt(result);
  return {
    findings: [...checked.findings],
    marks: [...checked.marks],
    refused: [...checked.refused],
    omitted: [...omitted],
    ...(replaced.length === 0 ? {} : { replaced: [...replaced] }),
    tools: report.tools,
    toolErrors: [
      ...errorsOf(rules.agent, report.toolErrors, limit),
      ...straysOf(rules.agent, checked),
    ],
    ...(limit === undefined ? {} : { ending: { limit } }),
    mergeBaseSha,
    imageDigest,
    runtime: rules.runtime,
    ...(purpose === undefined ? {} : { purpose }),
    ...(purpose === 'triage' && report.triage !== undefined ? { triage: report.triage } : {}),
  };
}

/** The ceiling at which its agent was stopped; what it left is a part, and a patch may be half an edit. */
function stoppedAt({ modelLimit, result }: StageResult): string | undefined {
  return modelLimit ?? (result.manifest.agent.timedOut ? 'limit:wall-clock' : undefined);
}

function straysOf(agent: string, { strayFindings }: CheckedResult): Outcome['toolErrors'] {
  if (strayFindings === 0) return [];
  return [
    { tool: agent, message: `${strayFindings} findings name files that are not in the tree` },
  ];
}

/**
 * What is here is a part where the agent was stopped: whoever reads it has to know, and it must not pass for a whole look.
 * The sandbox says so too, in the agent's name: that is one failure of one tool.
 */
function errorsOf(
  agent: string,
  errors: Outcome['toolErrors'],
  limit: string | undefined,
): Outcome['toolErrors'] {
  if (limit === undefined) return errors;
  const said = errors.filter(({ tool }) => tool === agent).map(({ message }) => message);
  const message = [`stopped at ${limit}`, ...said].join(': ').slice(0, 2_000).toWellFormed();
  return [...errors.filter(({ tool }) => tool !== agent), { tool: agent, message }];
}
