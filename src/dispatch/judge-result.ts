import type { SecondOpinion } from '../domain/second-opinion.ts';
import type { ReportedFinding } from '../protocol/reported-finding.ts';
import type { ResultManifest } from '../protocol/result.ts';
import { askJudge } from './ask-judge.ts';
import type { Ground } from './later-stage.ts';
import { isKnown } from './place-finding.ts';
import { type StageFailure, type StageResult, underGuard } from './run-stage.ts';
import { type CheckedResult, checkResult, type FileChange } from './validate-result.ts';
import { withdrawEdits } from './withdraw-edits.ts';

/** A result as it is once a second agent has had its say. */
export interface Judged {
  readonly checked: CheckedResult;
  /** Absent: nobody was asked. */
  readonly opinions?: SecondOpinion;
}

/**
 * Has the findings of a result judged, and makes what came of it the result: findings that are dropped go with their
 * fixes, so the whole of it is checked again. Of what a review changed itself, which is shown without anybody's leave,
 * goes what may be for them; a patch stays whole for the people who decide on it.
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
    const files = run.task.kind === 'fix' ? again.files : filesLeft(again, manifest, opinions);
    // Where one fix is gone another may have found its place.
    guard.checkResult({ ...again, files }, left, secrets);
    return { ...again, files, strayFindings: checked.strayFindings };
  });
}

/** What fixes of findings made of a file is right as it is: those of dropped ones are not in it. */
function filesLeft(
  { files, findings }: CheckedResult,
  { changes, patch = [] }: ResultManifest,
  { items }: SecondOpinion,
): readonly FileChange[] {
  const own = new Set<string>([...changes, ...patch].map(({ path }) => path));
  const dropped = items
    .filter(({ action, finding }) => action === 'dropped' && own.has(finding.path))
    .map(({ finding }) => finding);
  return withdrawEdits(files, { dropped, left: findings });
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
