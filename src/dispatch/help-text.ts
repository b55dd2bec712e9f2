import type { CommandName } from '../commands/command.ts';
import { isAtLeast, type Permission } from '../domain/repository.ts';
import type { Policy } from '../policy/schema.ts';

type Needs = 'nothing' | 'run' | 'approve';

const rows: readonly (readonly [name: CommandName, usage: string, does: string, needs: Needs])[] = [
  ['review', 'review', 'reviews the head of this pull request', 'run'],
  ['fix', 'fix [instructions]', 'prepares a patch that waits for approval', 'run'],
  ['run', 'run TASK', 'starts a task by its name: `review` or `fix`', 'run'],
  ['approve', 'approve [TASK or SHA]', 'lets what is waiting go on', 'approve'],
  ['reject', 'reject [reason]', 'drops what is waiting', 'approve'],
  ['cancel', 'cancel [TASK]', 'ends what is running or waiting; your own tasks always', 'run'],
  ['retry', 'retry [TASK]', 'runs again what ended last without success', 'run'],
  ['pause', 'pause', 'nothing starts by itself on this pull request', 'run'],
  ['resume', 'resume', 'it does again', 'run'],
  ['status', 'status', 'shows the tasks of this pull request', 'nothing'],
  ['explain', 'explain', 'says which rules apply here', 'nothing'],
  ['help', 'help', 'shows this table', 'nothing'],
];

/** What `permission` lets its holder ask for here, as Markdown, and what more there is for whom. */
export function helpText(policy: Policy, permission: Permission): string {
  const needed = ([, , , needs]: (typeof rows)[number]): Permission =>
    needs === 'nothing' ? 'none' : policy.permissions[needs];
  const offered = rows.filter((row) => isAtLeast(permission, needed(row)));
  const table = [
    '| command | what it does |',
    '| --- | --- |',
    ...offered.map(([, usage, does]) => `| \`/sallyport ${usage}\` | ${does} |`),
  ];
  const others = Map.groupBy(
    rows.filter((row) => !offered.includes(row)),
    needed,
  );
  const more = [...others].map(([level, group]) => {
    const names = group.map(([name]) => `\`${name}\``).join(', ');
    return `With \`${level}\` permission or more also: ${names}.`;
  });
  return [table.join('\n'), ...more].join('\n\n');
}
