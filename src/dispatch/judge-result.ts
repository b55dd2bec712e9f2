import type { SecondOpinion } from '../domain/second-opinion.ts';
import type { ReportedFinding } from '../protocol/reported-finding.ts';
import { askJudge } from './ask-judge.ts';
import type { Ground } from './later-stage.ts';
import { isKnown } from './place-finding.ts';
import { type StageFailure, type StageResult, underGuard } from './run-stage.ts';
import { type CheckedResult, checkResult } from './validate-result.ts';

/** A result as it is once a second agent has had its say. */
export interface Judged {
  readonly checked: CheckedResult;
  /** Absent: nobody was asked. */
  readonly opinions?: SecondOpinion;
}

/**
 * Has the findings of a result judged, and makes what came of it the result: findings that are dropped go with their
 * fixes, so the whole of it is checked again.
 */
export async function judgeResult(
  ground: Ground,
  result: StageResult,
  checked: CheckedResult,
): Promise<Judged | StageFailure> {
  const asked = await askJudge(ground, checked, result);
  if (asked === undefined) return { checked };
  if ('status' in asked) return asked;
  const { opinions, promptDigest } = asked;
  await ground.run.onOpinions?.(opinions, promptDigest);
  if (opinions.items.every(({ action }) => action === 'kept')) return { checked, opinions };
  const again = await checkAgain(ground, result, { checked, opinions });
  return 'status' in again ? again : { checked: again, opinions };
}

async function checkAgain(
  { run, snapshot }: Ground,
  { result, guard, secrets }: StageResult,
  { checked, opinions }: Required<Judged>,
): Promise<CheckedResult | StageFailure> {
  const { report } = result.manifest;
  if (report === null) return checked;
  const known = report.findings.filter(({ path }) => isKnown(snapshot, path));
  const left = { ...report, findings: findingsLeft(known, { checked, opinions }) };
  const manifest = { ...result.manifest, report: left };
  return underGuard(run, { guard, name: 'agent' }, async () => {
    const again = await checkResult(snapshot, { ...result, manifest });
    // Where one fix is gone another may have found its place.
    guard.checkResult(again, left, secrets);
    return { ...again, strayFindings: checked.strayFindings };
  });
}

/** `known` are the findings as the agent reported them, in the order of those that were checked. */
function findingsLeft(
  known: readonly ReportedFinding[],
  { checked, opinions }: Required<Judged>,
): ReportedFinding[] {
  const actionOf = new Map(opinions.items.map(({ finding, action }) => [finding, action]));
  return known.flatMap((finding, at) => {
    const judged = checked.findings[at];
    const action = judged === undefined ? undefined : actionOf.get(judged);
    if (action === 'dropped') return [];
    return action === 'downgraded' ? [{ ...finding, severity: 'info' }] : [finding];
  });
}
