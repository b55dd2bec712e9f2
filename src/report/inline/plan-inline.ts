import type { Finding } from '../../domain/finding.ts';
import type { FindingRecord } from '../../domain/finding-record.ts';
import { marksIn } from '../../domain/fingerprint.ts';
import type { Outcome } from '../../domain/outcome.ts';
import type { Task } from '../../domain/task.ts';
import { type Waiver, waivedIn } from '../../domain/waiver.ts';
import type { EffectiveTask } from '../../policy/effective-policy.ts';
import type { OwnThread } from '../../ports/review-threads.ts';
import { fails } from '../conclude.ts';
import type { Hunk } from '../diff-hunks.ts';
import type { FileSides } from '../patch-text.ts';
import { type Candidate, type Candidates, candidatesOf } from './candidates.ts';
import { choose, type KnownCandidate } from './choose.ts';
import { lookOf } from './look-of.ts';
import { type Memory, memoryAfter } from './memory-after.ts';
import type { PublishPlan } from './publish-plan.ts';
import { type Fate, type Remembered, remember } from './remember.ts';
import { isOwnChange, subjectOf } from './subject.ts';
import { threadsByFinding, upkeepOf } from './upkeep.ts';

/** What a plan is made from. */
export interface InlineParts {
  readonly task: Pick<Task, 'id' | 'headSha'>;
  readonly rules: EffectiveTask;
  readonly outcome: Outcome;
  readonly files: ReadonlyMap<string, FileSides>;
  readonly hunks: ReadonlyMap<string, readonly Hunk[]>;
  /** What earlier tasks of this name found here, with all that people dismissed. */
  readonly known: readonly FindingRecord[];
  /** What those of them that are waived were waived for, by their ids; none when left out. */
  readonly waivers?: ReadonlyMap<string, Waiver>;
  /** Our threads on the pull request. */
  readonly threads: readonly OwnThread[];
}

/** A plan, and the memory that it leaves behind. */
export interface PlannedInline extends Memory {
  readonly plan: PublishPlan;
}

/** Decides what is said on the diff, what is done to what stands there, and what is remembered. Pure. */
export function planInline(parts: InlineParts): PlannedInline {
  const { findings } = parts.outcome;
  const seen = see(parts);
  const threadOf = threadsByFinding(parts.threads);
  const known = seen.candidates.map((candidate) => toKnown(seen, threadOf, candidate));
  const { maxComments, maxFileComments } = parts.rules.review;
  const inline = choose(
    known.filter(({ candidate }) => candidate.kind !== 'file'),
    { most: maxComments, open: standing(seen, 'inline') },
  );
  const ofFiles = choose(
    known.filter(({ candidate }) => candidate.kind === 'file'),
    { most: maxFileComments, open: standing(seen, 'file') },
  );
  // Findings come first among what was seen.
  const fates = seen.fates.slice(0, findings.length);
  const ids = seen.records.slice(0, findings.length).map(({ id }) => id);
  const dismissed = fates.flatMap((fate, at) => (fate === 'dismissed' ? [at] : []));
  const plan: PublishPlan = {
    ids,
    dismissed,
    hidden: hiddenOf(parts, ids, dismissed),
    comments: inline.comments.map(({ id, body, candidate }) => ({
      id,
      path: candidate.path,
      ...linesOf(candidate),
      body,
    })),
    fileComments: ofFiles.comments.map(({ id, body, candidate: { path } }) => ({ id, path, body })),
    upkeep: upkeepOf({ ...parts, ...seen, known, threadOf, before: parts.known }),
    notInline: [...seen.checkOnly, ...inline.notInline, ...ofFiles.notInline],
    suggestions: inline.comments.filter(({ candidate }) => candidate.kind === 'suggestion').length,
    since: parts.known.length === 0 ? null : sinceThen(fates, seen.gone),
  };
  return { plan, ...memoryAfter(seen, inline, ofFiles) };
}

/** A finding that is held against the pull request is annotated, whoever dismissed it: nobody could tell else why its check fails. */
function hiddenOf(
  { outcome, rules, waivers = new Map() }: InlineParts,
  ids: readonly string[],
  dismissed: readonly number[],
): number[] {
  const waived = waivedIn(outcome, ids, waivers);
  return dismissed.filter((at) => waived.has(at) || !fails(rules, outcome.findings[at] as Finding));
}

/** All that a task saw: its findings in their order, then the changes that none of them speaks of. */
interface Seen extends Candidates, Remembered {
  /** Position of what a candidate is about in `records` and `fates`. */
  readonly at: (candidate: Candidate) => number;
}

function see(parts: InlineParts): Seen {
  const { outcome, rules, known, task } = parts;
  const { findings } = outcome;
  const { agent, review, outputs } = rules;
  const marks = marksIn(outcome);
  // Everything here is a suggestion or stands beside one, so it takes both ways out.
  const isSilent = outputs.comments === 'none' || outputs.suggestions === 'none';
  const offered = isSilent
    ? { candidates: [], checkOnly: [], unclear: new Set(parts.files.keys()) }
    : candidatesOf({ ...parts, ...review, agent, findings, marks });
  const others = offered.candidates.map(({ subject }) => subject);
  const subjects = [
    ...findings.map((_, at) => subjectOf({ findings, marks }, at)),
    ...others.filter(({ finding }) => finding === null),
  ];
  const places = new Map(subjects.map((subject, at) => [subject, at]));
  const at = ({ subject }: Candidate) => subject.finding ?? (places.get(subject) as number);
  const wasRead = lookOf(parts);
  // A change that can be no suggestion any more is not fixed by that.
  const isLooked = (one: FindingRecord): boolean =>
    wasRead(one) && !(isOwnChange(one) && offered.unclear.has(one.path));
  const memory = remember(known, subjects, { taskId: task.id, isLooked });
  return { ...offered, ...memory, at };
}

function toKnown(
  { records, fates, at }: Seen,
  threadOf: ReadonlyMap<string, OwnThread>,
  candidate: Candidate,
): KnownCandidate {
  const record = records[at(candidate)] as FindingRecord;
  const fate = fates[at(candidate)] as Fate;
  const { id, place } = record;
  const thread = threadOf.get(id);
  const isStale = thread !== undefined && (thread.isOutdated || !offers(thread, candidate));
  return { candidate, id, fate, isShown: place !== 'check', isStale };
}

function offers({ body }: OwnThread, { offer }: Candidate): boolean {
  return offer === undefined || body.replaceAll('\r\n', '\n').includes(offer());
}

/** How many stand open in that place. */
function standing({ records, fates }: Seen, place: FindingRecord['place']): number {
  return records.filter((one, at) => one.place === place && fates[at] === 'persisting').length;
}

/** All but a comment on a file has lines. */
function linesOf({ lines }: Candidate): { readonly line: number; readonly startLine?: number } {
  const { startLine, endLine } = lines as NonNullable<typeof lines>;
  return startLine === endLine ? { line: endLine } : { startLine, line: endLine };
}

function sinceThen(
  fates: readonly Fate[],
  gone: readonly FindingRecord[],
): NonNullable<PublishPlan['since']> {
  const count = (wanted: readonly Fate[]) => fates.filter((fate) => wanted.includes(fate)).length;
  return {
    fresh: count(['fresh', 'returned']),
    persisting: count(['persisting']),
    fixed: gone.filter((record) => !isOwnChange(record)).length,
  };
}
