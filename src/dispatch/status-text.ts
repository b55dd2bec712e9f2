import type { Task, TaskState } from '../domain/task.ts';
import { safeText } from '../report/sanitise.ts';

/** Most tasks in one table, newest first. */
const maxRows = 10;

const gateOf: Partial<Record<TaskState, string>> = {
  'awaiting-run-approval': 'run: waits for approval',
  'awaiting-approval': 'write: waits for approval',
  applying: 'write: approved',
};

/** Where the tasks of a pull request stand, newest first, as Markdown. */
export function statusText(tasks: readonly Task[], isPaused: boolean): string {
  const pause = isPaused ? 'Paused: nothing starts by itself here.\n\n' : '';
  if (tasks.length === 0) return `${pause}No task has been planned here.`;
  const older = tasks.length > maxRows ? `\n\nand ${tasks.length - maxRows} older ones.` : '';
  const rows = [
    '| task | what | commit | state | gate |',
    '| --- | --- | --- | --- | --- |',
    ...tasks.slice(0, maxRows).map(row),
  ];
  return `${pause}${rows.join('\n')}${older}`;
}

function row(task: Task): string {
  const reason = task.reason === null ? '' : `: ${safeText(task.reason, 200)}`;
  const cells = [
    `\`${task.id}\``,
    task.name,
    `\`${task.headSha.slice(0, 12)}\``,
    `${task.state}${reason}`,
    gateOf[task.state] ?? '',
  ];
  return `| ${cells.join(' | ')} |`;
}
