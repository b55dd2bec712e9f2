import { SallyportError } from '../../errors.ts';
import { recordsOf } from './tree-listing.ts';

/** One side of a changed entry; null where the entry does not exist. */
export interface DiffSide {
  readonly mode: string;
  readonly sha: string;
  readonly pathBytes: Buffer;
}

/** One record of a raw diff between two trees. */
export interface RawChange {
  readonly status: 'added' | 'modified' | 'renamed' | 'deleted' | 'type-changed';
  readonly before: DiffSide | null;
  readonly after: DiffSide | null;
}

const recordPattern = /^:([0-7]{6}) ([0-7]{6}) ([0-9a-f]{40}) ([0-9a-f]{40}) ([AMDTR])\d{0,3}$/;

const statuses = {
  A: 'added',
  M: 'modified',
  R: 'renamed',
  D: 'deleted',
  T: 'type-changed',
} as const satisfies Record<string, RawChange['status']>;

/**
 * Reads `git diff-tree -r -z --raw -M`, in git's order.
 * @throws SallyportError `git.failed` for output of another form
 */
export function parseRawDiff(output: Buffer): RawChange[] {
  const records = recordsOf(output).values();
  const changes: RawChange[] = [];
  for (const record of records) {
    const match = recordPattern.exec(record.toString('latin1'));
    if (match === null) throw malformed();
    const [, oldMode = '', newMode = '', oldSha = '', newSha = '', letter = ''] = match;
    const status = statuses[letter as keyof typeof statuses];
    const first = nextPath(records);
    const second = status === 'renamed' ? nextPath(records) : first;
    const before = { mode: oldMode, sha: oldSha, pathBytes: first };
    const after = { mode: newMode, sha: newSha, pathBytes: second };
    changes.push({
      status,
      before: status === 'added' ? null : before,
      after: status === 'deleted' ? null : after,
    });
  }
  return changes;
}

function nextPath(records: Iterator<Buffer>): Buffer {
  const next = records.next();
  if (next.done === true) throw malformed();
  return next.value;
}

function malformed(): SallyportError {
  return new SallyportError('git.failed', 'git described a diff in a form that is not known');
}
