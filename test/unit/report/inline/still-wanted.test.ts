import { expect, test } from 'vitest';
import { FindingRecord } from '../../../../src/domain/finding-record.ts';
import { type TaskId, taskIdFor } from '../../../../src/domain/ids.ts';
import { nothingInline } from '../../../../src/report/inline/publish-plan.ts';
import { stillWanted } from '../../../../src/report/inline/still-wanted.ts';
import type { Upkeep } from '../../../../src/report/inline/upkeep.ts';

const [mine, newer] = [taskIdFor('one', 'review'), taskIdFor('two', 'review')];
const id = 'a'.repeat(12);
const mark = '0'.repeat(32);

function record(state: FindingRecord['state'], lastTask: TaskId = mine): FindingRecord {
  const dismissal = { byId: 1, via: 'command', waives: false, atMs: 1 };
  return FindingRecord.parse({
    id,
    tool: 'ruff',
    rule: 'F821',
    severity: 'error',
    path: 'a.py',
    marks: { key: mark, near: mark, toolKey: null },
    state,
    place: 'inline',
    firstTask: mine,
    lastTask,
    dismissal: state === 'dismissed' ? dismissal : null,
  });
}

const moves: readonly Upkeep['move'][] = [
  'resolve',
  'resolve-or-fold',
  'unresolve',
  'minimise',
  'nothing',
];
const plan = {
  ...nothingInline,
  comments: [{ id, path: 'a.py', line: 1, body: 'b' }],
  fileComments: [{ id, path: 'a.py', body: 'b' }],
  upkeep: moves.map((move) => {
    return { id, threadId: move, commentId: 1, commentNodeId: 'c', body: null, move };
  }),
};

test.each([
  ['open, as it was planned', record('open'), 1, ['unresolve', 'minimise', 'nothing']],
  ['open, and seen by a newer review', record('open', newer), 1, ['unresolve']],
  ['fixed', record('fixed'), 0, ['resolve', 'resolve-or-fold']],
  ['dismissed', record('dismissed'), 0, []],
  ['forgotten', undefined, 0, []],
] as const)('of a finding that is %s', (_what, known, count, left) => {
  const wanted = stillWanted(plan, known === undefined ? [] : [known], mine);
  expect(wanted.comments).toHaveLength(count);
  expect(wanted.fileComments).toHaveLength(count);
  expect(wanted.upkeep.map(({ move }) => move)).toEqual(left);
});
