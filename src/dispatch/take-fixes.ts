import { setImmediate } from 'node:timers/promises';
import { EditedText } from '../domain/edited-text.ts';
import type { Finding } from '../domain/finding.ts';
import { MeasureBudget } from '../domain/measure-budget.ts';
import type { RepoPath } from '../domain/repo-path.ts';
import type { SourceSnapshot } from '../ports/source.ts';
import type { ReportedFinding } from '../protocol/reported-finding.ts';
import type { WorkspaceChange } from '../protocol/result.ts';
import { rankOf } from '../report/conclude.ts';
import { joinWithin } from '../report/cut-text.ts';
import { joinLines } from '../report/text-lines.ts';
import { isKnown, type PlacedFinding, placeFinding } from './place-finding.ts';
import type { PristineText, PristineTexts } from './pristine-texts.ts';

const unfit =
  '\n\n(Its fix was left out: it does not fit the file, overlaps another fix, or is too much to measure.)';
const maxMessageLength = 8_000;

/** The findings of a report, and what their fixes make of the files, as if the sandbox had written them. */
export interface TakenFixes {
  readonly findings: readonly Finding[];
  /** The same, in their order, without our word on a fix: that comes and goes with other findings. */
  readonly unworded: readonly Finding[];
  readonly changes: readonly WorkspaceChange[];
  readonly files: ReadonlyMap<RepoPath, Uint8Array>;
}

/**
 * Applies the fixes to the pristine texts, those of the worst findings first. A file in `own`, which the agent
 * changed itself, is left as the agent wants it. A fix that cannot be taken whole is not taken, and its
 * finding says so. Others get their turn between two findings.
 */
export async function takeFixes(
  texts: PristineTexts,
  reported: readonly ReportedFinding[],
  own: ReadonlySet<string>,
): Promise<TakenFixes> {
  const placed = await placeAll(texts, reported);
  const left = new Set(
    placed.flatMap(({ finding }, index) =>
      reported[index]?.fix === undefined || own.has(finding.path) ? [] : [finding],
    ),
  );
  const edited = new Map<RepoPath, { text: EditedText; pristine: PristineText }>();
  for (const { finding, edits } of placed.toSorted(byRank)) {
    if (edits === null || !left.has(finding)) continue;
    await setImmediate();
    const pristine = await texts.read(finding.path);
    if (pristine === undefined) continue;
    const entry = edited.get(finding.path) ?? { text: new EditedText(pristine.lines), pristine };
    edited.set(finding.path, entry);
    if (entry.text.take(edits)) left.delete(finding);
  }
  return {
    findings: placed.map(({ finding }) => shown(finding, left, texts.snapshot)),
    unworded: placed.map(({ finding }) => finding),
    ...toWrites(edited),
  };
}

async function placeAll(
  texts: PristineTexts,
  reported: readonly ReportedFinding[],
): Promise<readonly PlacedFinding[]> {
  const placed: PlacedFinding[] = [];
  const budget = new MeasureBudget();
  for (const one of reported) {
    // A text that was read before gives nobody a turn.
    await setImmediate();
    placed.push(await placeFinding(one, texts, budget));
  }
  return placed;
}

function byRank(a: PlacedFinding, b: PlacedFinding): number {
  return rankOf(a.finding.severity) - rankOf(b.finding.severity);
}

/** The finding without places that are nowhere, and with a word on a fix that was not taken. */
function shown(finding: Finding, left: ReadonlySet<Finding>, snapshot: SourceSnapshot): Finding {
  const related = finding.related?.filter(({ path }) => isKnown(snapshot, path));
  const message = left.has(finding)
    ? joinWithin(Array.from(finding.message), maxMessageLength - unfit.length) + unfit
    : finding.message;
  return { ...finding, message, ...(related === undefined ? {} : { related }) };
}

function toWrites(
  edited: ReadonlyMap<RepoPath, { text: EditedText; pristine: PristineText }>,
): Pick<TakenFixes, 'changes' | 'files'> {
  const files = new Map<RepoPath, Uint8Array>();
  const changes: WorkspaceChange[] = [];
  for (const [path, { text, pristine }] of edited) {
    const bytes = joinLines([text.toString()]);
    files.set(path, bytes);
    const { executable } = pristine;
    changes.push({ kind: 'write', path, executable, bytes: bytes.byteLength });
  }
  return { changes, files };
}
