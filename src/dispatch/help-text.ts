import type { CommandName } from '../domain/command-names.ts';
import type { SubjectKind } from '../domain/task.ts';
import { parametersInWords } from '../policy/decide/parameters.ts';
import { mayCommand } from '../policy/decide/people.ts';
import { isAmong, type Person, whoMay } from '../policy/decide/person.ts';
import type { Who } from '../policy/document/who.ts';
import type { EffectivePolicy } from '../policy/effective-policy.ts';
import { findRules } from '../policy/rules-of.ts';
import { forPullRequests } from './issue-commands.ts';
import { commandTasks, offeredTasks } from './offered-tasks.ts';

/** `task`: to start the task of the command's own name. */
type Needs = 'nothing' | 'run' | 'approve' | 'task';

type Row = readonly [name: CommandName, usage: string, does: string, needs: Needs];

const allRows: readonly Row[] = [
  ['review', 'review', 'reviews the head of this pull request', 'task'],
  [
    'fix',
    'fix [id… | check "NAME"] [instructions]',
    'prepares a patch that waits for approval',
    'task',
  ],
  ['run', 'run TASK [key=value…]', 'starts a task by its name', 'run'],
  ['approve', 'approve [TASK or SHA]', 'lets what is waiting go on', 'approve'],
  ['reject', 'reject [reason]', 'drops what is waiting', 'approve'],
  [
    'dismiss',
    'dismiss [ID]',
    'never shows a finding here again; in its thread without the id',
    'run',
  ],
  ['cancel', 'cancel [TASK]', 'ends what is running or waiting; your own tasks always', 'run'],
  ['retry', 'retry [TASK]', 'runs again what ended last without success', 'run'],
  ['pause', 'pause', 'nothing starts by itself on this pull request', 'run'],
  ['resume', 'resume', 'it does again', 'run'],
  ['status', 'status', 'shows the tasks here', 'nothing'],
  ['explain', 'explain', 'says which rules apply here', 'nothing'],
  ['help', 'help', 'shows this table', 'nothing'],
];

/** On an issue a patch has no branch to go to. */
const fixOnIssue: Row = [
  'fix',
  'fix [instructions]',
  'prepares a patch; once approved it is opened as a pull request',
  'task',
];

/** Somebody in a repository. */
interface Asking {
  readonly policy: EffectivePolicy;
  readonly person: Person;
  readonly subjectKind: SubjectKind;
}

/** What this person may ask for here, as Markdown, and what more there is for whom. */
export function helpText(
  policy: EffectivePolicy,
  who: { readonly person: Person; readonly subjectKind: SubjectKind },
): string {
  const asking = { policy, ...who };
  const rows = rowsFor(asking);
  const offered = rows.filter((row) => isOffered(asking, row));
  const table = [
    '| command | what it does |',
    '| --- | --- |',
    ...offered.map(([name, usage, does]) => `| ${written(policy, name, usage)} | ${does} |`),
  ];
  const rest = rows.filter((row) => !offered.includes(row));
  const others = Map.groupBy(rest, (row) => whoMay(whosOf(policy, row)));
  const more = [...others].map(
    ([whom, group]) => `With ${whom} also: ${quoted(group.map(([name]) => name))}.`,
  );
  const usable = offeredTasks(policy, who).map((name) => withValues(policy, name));
  const tasks = `Tasks that you may start here: ${quoted(usable)}.`;
  return [table.join('\n'), ...more, tasks].join('\n\n');
}

/** What there is for anybody: a task that is off, or that no command starts, is not offered to those who may run. */
function rowsFor({ policy, subjectKind }: Asking): readonly Row[] {
  const isIssue = subjectKind === 'issue';
  const startable = commandTasks(policy, subjectKind);
  return allRows
    .filter(([name]) => !(isIssue && forPullRequests.has(name)))
    .filter(([name, , , needs]) => needs !== 'task' || startable.includes(name))
    .map((row) => (isIssue && row[0] === 'fix' ? fixOnIssue : row));
}

function isOffered({ policy, person, subjectKind }: Asking, [name, , , needs]: Row): boolean {
  switch (needs) {
    case 'nothing':
      return true;
    case 'task':
      return offeredTasks(policy, { person, subjectKind }).includes(name);
    case 'run':
      return mayCommand(policy, person).allowed;
    default:
      // Who may run lets runs start at gate 1, with the same word.
      return mayCommand(policy, person).allowed || isAmong(policy.approve, person, 'some').allowed;
  }
}

function whosOf(policy: EffectivePolicy, [name, , , needs]: Row): readonly Who[] {
  if (needs === 'approve') return policy.approve;
  return (needs === 'task' ? findRules(policy, name)?.run : undefined) ?? policy.run;
}

/** As `upgrade level=low|high module=…`. The policy lets nothing into it that ends a code span. */
function withValues(policy: EffectivePolicy, name: string): string {
  const rules = findRules(policy, name);
  return `${name} ${rules === undefined ? '' : parametersInWords(rules)}`.trimEnd();
}

function written({ commands }: EffectivePolicy, name: CommandName, usage: string): string {
  return `\`/sallyport ${usage}\`${commands.short ? ` or \`/${name}\`` : ''}`;
}

function quoted(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.map((name) => `\`${name}\``).join(', ');
}
