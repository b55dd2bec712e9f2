import type { FindingRecord } from '../../domain/finding-record.ts';
import type { Chosen } from './choose.ts';
import type { Remembered } from './remember.ts';

/** What is to be kept of the findings of a pull request. */
export interface Memory {
  readonly records: readonly FindingRecord[];
  /** Ids of records that are of no use any more. */
  readonly forgotten: readonly string[];
}

/** Most findings that are remembered for nothing but an annotation. Reports at their limit every push would add up for ever. */
const maxUnplaced = 10_000;

/** Each record with the place that it has once the plan is carried out. What nobody saw but in a check is forgotten when it is gone. */
export function memoryAfter(
  { records, gone, missed }: Remembered,
  inline: Chosen,
  ofFiles: Chosen,
): Memory {
  const places = new Map<string, FindingRecord['place']>([
    ...inline.comments.map(({ id }) => [id, 'inline'] as const),
    ...ofFiles.comments.map(({ id }) => [id, 'file'] as const),
  ]);
  const placed = records.map((one) => ({ ...one, place: places.get(one.id) ?? one.place }));
  const isUnplaced = ({ place }: FindingRecord) => place === 'check';
  const unplaced = missed.filter(isUnplaced);
  const surplus = unplaced.length + placed.filter(isUnplaced).length - maxUnplaced;
  const forgotten = [...gone.filter(isUnplaced), ...unplaced.slice(0, Math.max(0, surplus))];
  return {
    records: [...placed, ...gone.filter((record) => !isUnplaced(record))],
    forgotten: forgotten.map(({ id }) => id),
  };
}
