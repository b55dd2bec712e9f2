import type { Finding } from '../domain/finding.ts';
import type { Opinion } from '../domain/opinion.ts';
import type { JudgedFinding, SecondOpinion } from '../domain/second-opinion.ts';
import { weighOpinion } from '../policy/decide/weigh-opinion.ts';
import { maxPriorFindings, type PriorFinding, type TaskInput } from '../protocol/task-input.ts';
import { rankOf } from '../report/conclude.ts';
import { findSecret } from '../report/secret-scan.ts';
import { judgeModel } from './judge-model.ts';
import { endsTask, type Ground, runLater } from './later-stage.ts';
import type { StageFailure, StageResult } from './run-stage.ts';
import type { CheckedResult } from './validate-result.ts';

/** What a second agent said, before anything comes of it. */
interface Heard {
  readonly opinions: ReadonlyMap<string, Opinion>;
  /** It was stopped, or left without a word: what it did not speak of it may not have seen. */
  readonly isCut: boolean;
}

/**
 * Asks a second agent of each finding, the worst first, over the pristine tree in a sandbox of its own. It is told what
 * the first one found and nothing of why. Where it fails every finding stands. Undefined: nobody is to be asked.
 */
export async function askJudge(
  ground: Ground,
  { findings, marks }: Pick<CheckedResult, 'findings' | 'marks'>,
): Promise<SecondOpinion | StageFailure | undefined> {
  const { run } = ground;
  const { agent } = run.rules.secondOpinion;
  if (agent === null || findings.length === 0) return undefined;
  const asked = priorFindings(findings);
  const stage = {
    name: 'judge',
    agent,
    image: run.judgeImage ?? run.image,
    reach: run.reach,
    told: { purpose: 'judge', priorFindings: asked, ...toldModel(ground) },
  } as const;
  const heard = await runLater(ground, stage, async (result) => hear(result));
  if ('reason' in heard) {
    return endsTask(heard) ? heard : { agent, failure: heard.reason, items: [] };
  }
  const ids = new Set(asked.map(({ id }) => id));
  const items = findings.flatMap((finding, at): JudgedFinding[] => {
    const mark = marks[at];
    if (mark === undefined || !ids.has(idOf(at))) return [];
    const { review } = run.rules;
    const weighed = weighOpinion(finding, heard.opinions.get(idOf(at)), { review, ...heard });
    return [{ finding, marks: mark, ...weighed }];
  });
  return { agent, failure: null, items };
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

function toldModel({ run }: Ground): Pick<TaskInput, 'model'> {
  const model = judgeModel(run.rules.secondOpinion.model, run.reach);
  return model === undefined ? {} : { model };
}

function hear({ result: { manifest }, guard, secrets }: StageResult): Heard | StageFailure {
  const { report, agent } = manifest;
  guard.checkWords(report, secrets);
  if (report === null) return { status: 'failed', reason: 'result:no-report' };
  const opinions = new Map<string, Opinion>();
  // The first word on a finding counts: one that takes it back was told to.
  for (const opinion of report.opinions ?? []) {
    if (!opinions.has(opinion.id)) opinions.set(opinion.id, shown(opinion));
  }
  const isCut = agent.timedOut || agent.exitCode !== 0 || report.toolErrors.length > 0;
  return { opinions, isCut };
}

function shown(opinion: Opinion): Opinion {
  const rule = findSecret(opinion.reason, { canary: null, own: [] });
  return rule === undefined ? opinion : { ...opinion, reason: `(withheld: it has a ${rule})` };
}
