import type { Task } from '../domain/task.ts';
import { whoMay } from '../policy/decide/person.ts';
import type { EffectiveTask } from '../policy/effective-policy.ts';
import type { CheckAction, CheckAnnotation, CheckOutput, CheckState } from '../ports/check-runs.ts';
import type { Phase } from '../protocol/event.ts';
import { counted } from './counted.ts';
import { describeEnding, type Found } from './describe-ending.ts';
import { safeCode, safeText } from './sanitise.ts';

/** Everything that a check run shows. */
export interface CheckView {
  readonly state: CheckState;
  readonly output: CheckOutput;
  readonly annotations: readonly CheckAnnotation[];
  readonly actions: readonly CheckAction[];
}

/** Identifiers of the buttons, as they come back in `check_run.requested_action`. */
export const actionIdentifiers = {
  apply: 'apply',
  reject: 'reject',
  approveRun: 'approve-run',
  rerun: 're-run',
} as const;

/** A task that waits for a free runner. */
export function planQueued(task: Task): CheckView {
  const output = { title: 'Queued', summary: `Waiting for a free runner.\n\n${taskLine(task)}` };
  return view({ status: 'queued' }, output);
}

/** A task that the policy lets not start now. Its check stays open, and is no failure. */
export function planWaiting(
  task: Task,
  { reason, untilMs }: { readonly reason: string; readonly untilMs: number | null },
): CheckView {
  const until =
    untilMs === null
      ? 'It starts by itself when there is room.'
      : `It starts by itself, not before ${new Date(untilMs).toISOString()}.`;
  const output = { title: 'Waiting', summary: `${reason} ${until}\n\n${taskLine(task)}` };
  return view({ status: 'queued' }, output);
}

/** A task that a runner works on. */
export function planRunning(task: Task): CheckView {
  const again = task.attempt > 1 ? ` This is attempt ${task.attempt}.` : '';
  const output = {
    title: `${titleOf(task)} running`,
    summary: `Running in a sandbox.${again}\n\n${taskLine(task)}`,
  };
  return view({ status: 'in_progress' }, output);
}

/** How far a running task is. */
export interface Progress {
  readonly phase: Phase | null;
  readonly elapsedMs: number;
  /** What the agent said last of what it does; hostile. */
  readonly action: string | null;
  /** Programs that it has started. */
  readonly programs: number;
}

const phases: Readonly<Record<Phase, string>> = {
  unpacking: 'Unpacking the files',
  running: 'The agent works',
  collecting: 'Collecting the result',
};
const maxActionLength = 300;

/** The same once more while it goes on. Whether the check is open is not said: it may have ended meanwhile. */
export function planProgress(task: Task, progress: Progress): Pick<CheckView, 'output'> {
  const { phase, elapsedMs, action, programs } = progress;
  const lines = [
    `${phase === null ? 'Starting' : phases[phase]}, after ${Math.round(elapsedMs / 1_000)} s.`,
    ...(action === null ? [] : [`Last said: ${safeText(action, maxActionLength)}`]),
    ...(programs === 0 ? [] : [`${counted(programs, 'program')} started.`]),
  ];
  const { output } = planRunning(task);
  return { output: { ...output, summary: `${lines.join('\n\n')}\n\n${output.summary}` } };
}

/** A task that waits at gate 1: nothing has run yet, and a maintainer decides whether it may. */
export function planHeld(task: Task, rules: Pick<EffectiveTask, 'run'>): CheckView {
  const summary = [
    `Nothing of this pull request has run. It takes ${whoMay(rules.run)} to approve the run`,
    // With the commit: a push between reading and writing must not be what is approved.
    `with the button, or with the comment \`/sallyport approve ${task.headSha.slice(0, 12)}\`.`,
    `The approval holds for commit \`${task.headSha}\` and for no later one.\n\n${taskLine(task)}`,
  ].join(' ');
  const action = {
    label: 'Approve run',
    description: 'Run in a sandbox on this commit',
    identifier: actionIdentifiers.approveRun,
  };
  return {
    ...view(
      { status: 'completed', conclusion: 'action_required' },
      { title: 'Run waits for approval', summary },
    ),
    actions: [action],
  };
}

/** A task that ended without a result: why, and what to do. `found` where its run had come to an end before. */
export function planEnded(
  task: Task,
  rules: Pick<EffectiveTask, 'conclusion'>,
  found?: Found,
): CheckView {
  const { conclusion, title, advice } = describeEnding(task, rules, found);
  const reason = task.reason === null ? '' : `Reason: ${safeCode(task.reason)}\n\n`;
  const output = { title: title, summary: `${advice}\n\n${reason}${taskLine(task)}` };
  return view({ status: 'completed', conclusion }, output);
}

function view(state: CheckState, output: CheckOutput): CheckView {
  return { state, output, annotations: [], actions: [] };
}

/** The name as a title has it. */
function titleOf({ name }: Task): string {
  return `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
}

function taskLine(task: Task): string {
  return `Task \`${task.id}\` on commit \`${task.headSha}\`.`;
}
