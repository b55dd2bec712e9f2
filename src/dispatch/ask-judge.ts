import { isAnalyser } from '../domain/analysers.ts';
import type { Finding } from '../domain/finding.ts';
import type { Digest } from '../domain/ids.ts';
import { type Opinion, settleOpinions } from '../domain/opinion.ts';
import type { JudgedFinding, SecondOpinion } from '../domain/second-opinion.ts';
import { weighOpinion } from '../policy/decide/weigh-opinion.ts';
import type { SourceSnapshot } from '../ports/source.ts';
import { renderPrompt } from '../prompt/render-prompt.ts';
import { maxPriorFindings, type PriorFinding } from '../protocol/task-input.ts';
import { rankOf } from '../report/conclude.ts';
import { findSecret } from '../report/secret-scan.ts';
import type { JudgeAsk } from './agent-ask.ts';
import type { AgentRun } from './agent-run.ts';
import { endsTask, type Ground, type LaterStage, runLater } from './later-stage.ts';
import { readCommits } from './prepare-input.ts';
import { importedPaths, replacedPaths } from './replaced-paths.ts';
import type { StageFailure, StageResult } from './run-stage.ts';
import { trialsOf } from './share-time.ts';
import type { CheckedResult } from './validate-result.ts';

/** What a second agent said, before anything comes of it. */
interface Heard {
  readonly opinions: ReadonlyMap<string, Opinion>;
  /** It was stopped, or left without a word: what it did not speak of it may not have seen. */
  readonly isCut: boolean;
}

/** What came of asking it. */
interface Asked {
  readonly opinions: SecondOpinion;
  /** Of its prompt, which is kept; null: it was not started. */
  readonly promptDigest: Digest | null;
}

/**
 * Asks a second agent of each finding, the worst first, over the pristine tree in a sandbox of its own. It is told what
 * the first one found and nothing of why. Where it fails every finding stands. Undefined: nobody is to be asked.
 */
export async function askJudge(
  ground: Ground,
  { findings, marks }: Pick<CheckedResult, 'findings' | 'marks'>,
  { modelLimit }: Pick<StageResult, 'modelLimit'>,
): Promise<Asked | StageFailure | undefined> {
  const { ports, run } = ground;
  const { judge } = run;
  if (judge === undefined || findings.length === 0) return undefined;
  const { agent } = judge;
  // Whatever it asked of a model would be refused: such a sandbox is not even started.
  if (modelLimit !== undefined && judge.model !== null)
    return { promptDigest: null, opinions: { agent, failure: modelLimit, items: [] } };
  const asked = priorFindings(findings);
  const seen = { ...ground, snapshot: await snapshotFor(ground, agent) };
  const prompt = promptOf(judge, seen, asked);
  const promptDigest = await ports.artifacts.put(Buffer.from(prompt));
  const heard = await runLater(seen, stageOf(judge, run, { asked, prompt }), async (result) =>
    hear(result),
  );
  if ('reason' in heard) {
    if (endsTask(heard)) return heard;
    return { promptDigest, opinions: { agent, failure: heard.reason, items: [] } };
  }
  const ids = new Set(asked.map(({ id }) => id));
  const items = findings.flatMap((finding, at): JudgedFinding[] => {
    const mark = marks[at];
    if (mark === undefined || !ids.has(idOf(at))) return [];
    const { review } = run.rules;
    const weighed = weighOpinion(finding, heard.opinions.get(idOf(at)), { review, ...heard });
    return [{ finding, marks: mark, ...weighed }];
  });
  return { promptDigest, opinions: { agent, failure: null, items } };
}

/** The first agent's where it was kept from what could steer it, else one that is so for this agent. */
function snapshotFor(
  { ports, run, snapshot }: Ground,
  agent: string,
): SourceSnapshot | Promise<SourceSnapshot> {
  const isAsGiven = isAnalyser(agent) === isAnalyser(run.rules.agent);
  return isAsGiven ? snapshot : readCommits(ports.source, run, agent);
}

/** What the first agent found, and no words of people: the code decides. */
function promptOf(
  { instructions }: JudgeAsk,
  { run, snapshot, changedFiles }: Ground,
  asked: readonly PriorFinding[],
): string {
  const words = { policyInstructions: null, request: null, parameters: {}, subject: null };
  return renderPrompt({
    ...words,
    instructions,
    evidence: [],
    priorFindings: asked,
    guides: [],
    changedFiles: run.wholeTree === true ? [] : changedFiles,
    replaced: replacedPaths(snapshot),
    imported: importedPaths(snapshot),
  });
}

function stageOf(
  { agent, image, model }: JudgeAsk,
  run: AgentRun,
  { asked, prompt }: { readonly asked: PriorFinding[]; readonly prompt: string },
): LaterStage {
  const told = { purpose: 'judge', priorFindings: asked } as const;
  const toldModel = model === null ? {} : { model };
  return {
    name: 'judge',
    agent,
    image,
    reach: run.reach,
    prompt,
    told: { ...told, ...toldModel },
    followers: trialsOf(run),
  };
}

/** A name in this one task: findings have none yet on the pull request. */
function idOf(at: number): string {
  return `f${at}`;
}

function priorFindings(findings: readonly Finding[]): PriorFinding[] {
  return findings
    .map((finding, at) => ({ finding, at }))
    .toSorted((a, b) => rankOf(a.finding.severity) - rankOf(b.finding.severity))
    .slice(0, maxPriorFindings)
    .map(({ finding: { tool, rule, severity, path, range, message }, at }) => ({
      id: idOf(at),
      state: 'asked',
      tool,
      rule,
      severity,
      path,
      message,
      ...(range === undefined ? {} : { range }),
    }));
}

function hear({
  result: { manifest },
  modelLimit,
  guard,
  secrets,
}: StageResult): Heard | StageFailure {
  const { report, agent } = manifest;
  guard.checkWords(report, secrets);
  if (report === null) return { status: 'failed', reason: modelLimit ?? 'result:no-report' };
  const settled = settleOpinions(report.opinions ?? []);
  const opinions = new Map(settled.map((opinion) => [opinion.id, shown(opinion)]));
  const hasEnded = !agent.timedOut && agent.exitCode === 0 && modelLimit === undefined;
  const isCut = !hasEnded || report.toolErrors.length > 0 || opinions.size === 0;
  return { opinions, isCut };
}

function shown(opinion: Opinion): Opinion {
  const rule = findSecret(opinion.reason, { canary: null, own: [] });
  return rule === undefined ? opinion : { ...opinion, reason: `(withheld: it has a ${rule})` };
}
