import type { Entry } from '../policy/decide/people.ts';
import { whoMay } from '../policy/decide/person.ts';
import type { EffectiveTask } from '../policy/effective-policy.ts';
import type { LoadedPolicy } from '../policy/policies.ts';

/** What a push of a pull request means for each task of the policy, by name. */
export type Entries = ReadonlyMap<string, Entry>;

/** Which rules apply to a pull request, as Markdown. */
export function explainText({ policy, digest }: LoadedPolicy, entries: Entries): string {
  const { limits, egress, conclusion } = policy;
  return [
    ...Object.entries(policy.tasks).map(([name, task]) => taskLine(name, task, entries)),
    `- The check fails from findings of: \`${conclusion.failOn}\`.`,
    `- A task may take ${limits.wallClockMs} ms, ${limits.memoryBytes} bytes of memory and ${limits.cpus} processors, in a \`${policy.runtime}\` sandbox; some tasks less.`,
    `- A sandbox reaches nothing but what ${egress.rules.length} egress rules and ${egress.modelRoutes.length} model routes let through.`,
    `\nPolicy \`${digest}\`.`,
  ].join('\n');
}

function taskLine(name: string, task: EffectiveTask, entries: Entries): string {
  if (!task.enabled) return `- \`${name}\`: switched off.`;
  const sentences = [...startSentences(task, entries.get(name)), ...patchSentences(task)];
  return `- \`${name}\`: ${sentences.join(' ')}`;
}

function startSentences({ triggers, run }: EffectiveTask, entry: Entry | undefined): string[] {
  const { events, drafts, command } = triggers;
  const actions = events.map((event) => `\`${event}\``).join(', ');
  return [
    events.length === 0
      ? 'starts by command only.'
      : `starts by itself on ${actions}; drafts: ${drafts ? 'too' : 'not'}. ${gateSentence(entry)}`,
    command ? `To command it takes ${whoMay(run)}.` : 'No command starts it.',
  ];
}

function gateSentence(entry: Entry | undefined): string {
  switch (entry?.outcome) {
    case 'run':
      return 'Gate 1: a run on a push here starts without asking.';
    case 'refuse':
      return `Gate 1: nothing runs here. ${entry.reason}`;
    default:
      return 'Gate 1: a run on a push here waits until somebody lets it start.';
  }
}

function patchSentences({ outputs, approve, approvals, patch, protectedPaths }: EffectiveTask) {
  if (outputs.patch === 'none') return ['It writes nothing.'];
  const other = approvals.requesterMayApprove ? '' : ', other than who asked for it';
  const owners = approvals.codeOwners ? ' Code owners have to approve what is theirs.' : '';
  return [
    `Gate 2: a patch is written when ${approvals.count} approved it${other}; that takes ${whoMay(approve)}.${owners}`,
    `It may have ${patch.maxFiles} files and ${patch.maxBytes} bytes, and touch no protected path (${protectedPaths.length} patterns).`,
  ];
}
