import type { CommandName } from '../commands/command.ts';
import type { SubjectKind } from '../domain/task.ts';
import { mayCommand } from '../policy/decide/people.ts';
import { isAmong, type Person, whoMay } from '../policy/decide/person.ts';
import type { EffectivePolicy } from '../policy/effective-policy.ts';
import { forPullRequests, startsOnIssue } from './issue-commands.ts';

type Needs = 'nothing' | 'run' | 'approve';

const allRows: readonly (readonly [
  name: CommandName,
  usage: string,
  does: string,
  needs: Needs,
])[] = [
  ['review', 'review', 'reviews the head of this pull request', 'run'],
  ['fix', 'fix [instructions]', 'prepares a patch that waits for approval', 'run'],
  ['run', 'run TASK', 'starts a task by its name', 'run'],
  ['approve', 'approve [TASK or SHA]', 'lets what is waiting go on', 'approve'],
  ['reject', 'reject [reason]', 'drops what is waiting', 'approve'],
  ['cancel', 'cancel [TASK]', 'ends what is running or waiting; your own tasks always', 'run'],
  ['retry', 'retry [TASK]', 'runs again what ended last without success', 'run'],
  ['pause', 'pause', 'nothing starts by itself on this pull request', 'run'],
  ['resume', 'resume', 'it does again', 'run'],
  ['status', 'status', 'shows the tasks here', 'nothing'],
  ['explain', 'explain', 'says which rules apply here', 'nothing'],
  ['help', 'help', 'shows this table', 'nothing'],
];

/** On an issue a patch has no branch to go to. */
const fixOnIssue: (typeof allRows)[number] = [
  'fix',
  'fix [instructions]',
  'prepares a patch; once approved it is opened as a pull request',
  'run',
];

function rowsFor(subjectKind: SubjectKind): typeof allRows {
  if (subjectKind === 'pull-request') return allRows;
  const left = allRows.filter(([name]) => !forPullRequests.has(name));
  return left.map((row) => (row[0] === 'fix' ? fixOnIssue : row));
}

/** What this person may ask for here, as Markdown, and what more there is for whom. */
export function helpText(
  policy: EffectivePolicy,
  { person, subjectKind }: { readonly person: Person; readonly subjectKind: SubjectKind },
): string {
  const rows = rowsFor(subjectKind);
  const may: Readonly<Record<Needs, boolean>> = {
    nothing: true,
    run: mayCommand(policy, person).allowed,
    approve: isAmong(policy.approve, person, 'some').allowed,
  };
  const offered = rows.filter(([, , , needs]) => may[needs]);
  const table = [
    '| command | what it does |',
    '| --- | --- |',
    ...offered.map(([, usage, does]) => `| \`/sallyport ${usage}\` | ${does} |`),
  ];
  const others = Map.groupBy(
    rows.filter((row) => !offered.includes(row)),
    ([, , , needs]) => whoMay(needs === 'approve' ? policy.approve : policy.run),
  );
  const more = [...others].map(([who, group]) => {
    const names = group.map(([name]) => `\`${name}\``).join(', ');
    return `With ${who} also: ${names}.`;
  });
  const isHere = (name: string): boolean => subjectKind === 'pull-request' || startsOnIssue(name);
  const tasks = Object.entries(policy.tasks).filter(
    ([name, { enabled }]) => enabled && isHere(name),
  );
  const names = tasks.map(([name]) => `\`${name}\``).join(', ');
  return [table.join('\n'), ...more, `Tasks here: ${names === '' ? 'none' : names}.`].join('\n\n');
}
