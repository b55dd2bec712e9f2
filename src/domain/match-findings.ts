import type { FindingRecord, Marks } from './finding-record.ts';
import type { RepoPath } from './repo-path.ts';

/** A finding as it was seen just now. */
export interface Sighting {
  readonly path: RepoPath;
  readonly marks: Marks;
}

/** Which record is which sighting: no record is two of them, and none is both matched and unseen. */
export interface MatchedFindings {
  /** Of each sighting, in their order; undefined for a new one. */
  readonly recordOf: readonly (FindingRecord | undefined)[];
  /** Records that no sighting is, in their order. */
  readonly unseen: readonly FindingRecord[];
}

/** What must be equal for a record and a sighting to be one; undefined: this step says nothing of it. */
type Likeness = (one: Sighting) => string | undefined;

/**
 * From sure to likely. Within a file the text and what is around it, then the text alone; over files (one was
 * renamed, a block was moved) never the text alone, or a fix in one file and a new fault in another were one.
 * Marks are of one length and have no space, so each joined text has one meaning, whatever the path.
 */
const steps: readonly Likeness[] = [
  ({ path, marks: { key, toolKey } }) =>
    toolKey === null ? undefined : `${key} ${toolKey} ${path}`,
  ({ path, marks: { key, near } }) => `${key} ${near} ${path}`,
  ({ path, marks: { key } }) => `${key} ${path}`,
  ({ marks: { key, toolKey } }) => (toolKey === null ? undefined : `${key} ${toolKey}`),
  ({ marks: { key, near } }) => `${key} ${near}`,
];

/**
 * Tells which of the `known` findings are seen again. In each step equals are paired in their order, those that are
 * fixed after the others: a finding that came back is its old record, unless there is another for it.
 * Takes time in proportion to the findings, however many are equal.
 */
export function matchFindings(
  known: readonly FindingRecord[],
  now: readonly Sighting[],
): MatchedFindings {
  const left = new Set([
    ...known.filter(({ state }) => state !== 'fixed'),
    ...known.filter(({ state }) => state === 'fixed'),
  ]);
  const recordOf = now.map((): FindingRecord | undefined => undefined);
  for (const likeness of steps) {
    const queues = queuesOf(left, likeness);
    for (const [place, sighting] of now.entries()) {
      if (recordOf[place] !== undefined) continue;
      const record = queues.get(likeness(sighting))?.pop();
      if (record === undefined) continue;
      recordOf[place] = record;
      left.delete(record);
    }
  }
  return { recordOf, unseen: known.filter((record) => left.has(record)) };
}

/** Those that are left, by likeness; the one to be taken first is last, where taking it moves none. */
function queuesOf(
  left: ReadonlySet<FindingRecord>,
  likeness: Likeness,
): ReadonlyMap<string | undefined, FindingRecord[]> {
  const queues = Map.groupBy([...left].toReversed(), likeness);
  queues.delete(undefined);
  return queues;
}
