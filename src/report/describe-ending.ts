import type { Outcome } from '../domain/outcome.ts';
import type { Task } from '../domain/task.ts';
import type { EffectiveTask } from '../policy/effective-policy.ts';
import type { CheckConclusion } from '../ports/check-runs.ts';
import { concludeWorse, isAskedFix } from './conclude.ts';

/** What a check says of a task that ended without a result. All of it is Sallyport's own text. */
export interface EndingView {
  readonly conclusion: CheckConclusion;
  readonly title: string;
  readonly advice: string;
}

/** Reasons (see `Task.reason`) by their start, with title and advice; the first that fits is told. */
export const causes: readonly (readonly [start: string, title: string, advice: string])[] = [
  ['gate:run:expired', 'Nobody approved the run', 'Nobody decided for two weeks. Run it again.'],
  [
    'gate:write:expired',
    'Nobody approved the patch',
    'Nothing was written. Ask for the fix again.',
  ],
  ['gate:run:', 'Run not approved', 'A maintainer decided that this task may not run.'],
  ['gate:write:', 'Patch rejected', 'A maintainer rejected the patch; nothing was written.'],
  [
    'patch:void',
    'Patch does not hold any more',
    'What it was made for has changed. Nothing was written; ask for it again.',
  ],
  ['head:moved', 'A newer commit is there', 'Nothing more is done for this one.'],
  ['approval:void', 'Approval did not hold', 'Nothing was written. Ask for the fix again.'],
  ['command:cancelled', 'Cancelled by command', 'Run the task again if it is still wanted.'],
  ['pull-request:closed', 'Pull request closed', 'Nothing more is done for a closed pull request.'],
  ['installation:', 'App suspended or removed', 'Run the task again when the App may work here.'],
  [
    'repository:',
    'Repository taken from the App',
    'Run the task again when the App may work here.',
  ],
  [
    'limit:wall-clock',
    'Time limit reached',
    'Raise `limits.wallClockMs` or give the task less to do.',
  ],
  [
    'limit:memory',
    'Memory limit reached',
    'Raise `limits.memoryBytes` or give the task less to do.',
  ],
  ['limit:pids', 'Process limit reached', 'Raise `limits.pids` or give the task less to do.'],
  ['limit:disk', 'Disk limit reached', 'Raise `limits.workspaceBytes` or `limits.tmpBytes`.'],
  ['limit:output', 'Output limit reached', 'Raise `limits.eventBytes` or have the agent say less.'],
  ['limit:result-size', 'Result too large', 'Raise `limits.resultBytes` or ask for less.'],
  ['limit:result-files', 'Too many changed files', 'Raise `limits.resultFiles` or ask for less.'],
  [
    'limit:model-',
    'Model limit reached',
    'Raise `limits` of the model route, or give the task less to do.',
  ],
  ['limit:findings', 'Too many findings', 'Raise `limits.findings` or ask for less.'],
  ['limit:', 'Limit reached', 'Raise the limit in the policy or give the task less to do.'],
  [
    'budget:',
    'Model budget used up',
    'Raise the budget or give the task less to do. A budget of a day is new at midnight (UTC).',
  ],
  [
    'input.too-large',
    'Repository too large',
    'Raise `limits.workspaceBytes` in the policy. Links that lead on and on have to be mended.',
  ],
  ['result:', 'Agent left no valid result', 'See the task log, then run the task again.'],
  [
    'incident:',
    'Secret in the output',
    'Nothing of it is shown. The ledger says where it was; take the secret for known to others.',
  ],
  [
    'policy.no-instructions',
    'The policy is at fault',
    'Its `instructions` have to name a file of the base branch: UTF-8, at most 16 KiB.',
  ],
  [
    'report:output.secret',
    'Secret in the output',
    'Nothing was written. The ledger says where it was; take the secret for known to others.',
  ],
  ['report:', 'Result could not be shown', 'The operator must look at the log.'],
  ['wire.', 'Sandbox broke off', 'See the task log, then run the task again.'],
  ['sandbox:', 'Sandbox ended early', 'See the task log, then run the task again.'],
  [
    'engine.missing-agent',
    'Image without the agent',
    'The operator must name an image that has the agent of this task.',
  ],
  [
    'engine.missing-image',
    'No image for the agent',
    'The operator must build it with `npm run image -- AGENT`, or name another.',
  ],
  ['engine.', 'Sandbox could not start', 'The operator must look at the container engine.'],
  ['git', 'Repository could not be fetched', 'The operator must look at the log.'],
  ['runner:none', 'No runner took the task', 'The operator must look at the runners.'],
  [
    'runner:',
    'Runner was lost twice',
    'Run the task again; the operator should look at the runner.',
  ],
];

/**
 * Ends that the code under review can bring about by itself: by what it does in the sandbox, by its size,
 * by its git objects, by taking two runners down. They never pass a required check, or it could switch its
 * own review off. Everything else is Sallyport's failure, and the policy's word counts.
 */
const causedByCode: readonly string[] = [
  'limit:',
  'budget:',
  'result:',
  'incident:',
  // GitHub refuses a report for what is in it, and what is in it comes from the code.
  'report:',
  'wire.',
  'sandbox:',
  'input.',
  'git.',
  'runner:',
  // Not the code's doing, but a policy at fault passes nothing anywhere.
  'policy.',
];

/** A task that has ended, and why. */
export type Ended = Pick<Task, 'name' | 'isAutomatic' | 'state' | 'reason'>;

/** What the run of a task found before it ended, where it came that far. */
export type Found = Pick<Outcome, 'findings' | 'toolErrors'>;

/**
 * Conclusion, title and advice for an ended task. A patch that nobody wanted is as if it had never been asked for;
 * what was found beside it is not. `cancelled` and `timed_out` do not satisfy a required check (only success, neutral
 * and skipped do: docs.github.com, required status checks); on a head that has been replaced that holds nothing up,
 * and if that head comes back it is reviewed again.
 */
export function describeEnding(
  task: Ended,
  rules: Pick<EffectiveTask, 'conclusion'>,
  found: Found = nothing,
): EndingView {
  const reason = task.reason ?? '';
  const cause = causes.find(([start]) => reason.startsWith(start));
  const [, title, advice] = cause ?? ['', ...fallbackFor(task.state)];
  return { conclusion: conclusionFor(task, rules, found), title, advice };
}

const nothing: Found = { findings: [], toolErrors: [] };

/** Did a decision on its patch end the task, or that nobody took one? */
export function isPatchDropped({ state, reason }: Pick<Task, 'state' | 'reason'>): boolean {
  return state === 'cancelled' && reason !== null && reason.startsWith('gate:write:');
}

function conclusionFor(
  task: Ended,
  rules: Pick<EffectiveTask, 'conclusion'>,
  found: Found,
): CheckConclusion {
  const reason = task.reason ?? '';
  switch (task.state) {
    case 'superseded':
      return 'cancelled';
    case 'cancelled':
      if (!isPatchDropped(task)) return 'cancelled';
      return isAskedFix(task) ? 'neutral' : concludeWorse('neutral', rules, found);
    case 'timed-out':
      return 'timed_out';
    default: {
      const isCausedByCode = causedByCode.some((start) => reason.startsWith(start));
      return isCausedByCode ? 'failure' : rules.conclusion.ownFailure;
    }
  }
}

function fallbackFor(state: Task['state']): readonly [title: string, advice: string] {
  switch (state) {
    case 'superseded':
      return ['Superseded by a newer task', 'Look at the newer task.'];
    case 'cancelled':
      return ['Cancelled', 'Run the task again if it is still wanted.'];
    case 'timed-out':
      return ['Time limit reached', 'Raise the limit in the policy or give the task less to do.'];
    default:
      return [
        'Sallyport failed, not the code',
        'Run the task again; the operator should look at the log.',
      ];
  }
}
