/**
 * A process to kill: `node store-mover.ts loop|die-within FILE TASK`. Moves the task between two states for ever
 * and writes a line for each move; or dies by SIGKILL between a move and its row.
 */
import process from 'node:process';
import { openSqliteStore } from '../../src/adapters/sql/open-sqlite-store.ts';
import { TaskId } from '../../src/domain/ids.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { TellMove } from '../../src/ports/store.ts';

const clock: Clock = { nowMs: () => Date.now(), after: () => Promise.resolve() };
const [, , mode = '', file = '', id = ''] = process.argv;
const taskId = TaskId.parse(id);
const { tasks } = await openSqliteStore({ file, clock });
const tell: TellMove = ({ state, attempt }) => {
  // The move has been written by now, and nothing of it is on the disk.
  if (mode === 'die-within') process.kill(process.pid, 'SIGKILL');
  return { type: `task.${state}`, taskId, data: { attempt } };
};

for (;;) {
  const attempt = ((await tasks.get(taskId))?.attempt ?? 0) + 1;
  await tasks.transition(taskId, ['queued'], 'preparing', {}, tell);
  process.stdout.write('preparing\n');
  await tasks.transition(taskId, ['preparing'], 'queued', { attempt }, tell);
  process.stdout.write('queued\n');
}
