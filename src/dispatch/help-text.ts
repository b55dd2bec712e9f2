import type { Policy } from '../policy/schema.ts';

/** What can be asked for, and by whom, as Markdown. */
export function helpText(policy: Policy): string {
  const { run, approve } = policy.permissions;
  return [
    '| command | what it does | who may |',
    '| --- | --- | --- |',
    `| \`/sallyport review\` | reviews the head of this pull request | \`${run}\` or more |`,
    `| \`/sallyport fix\` | prepares a patch that waits for approval | \`${run}\` or more |`,
    `| \`/sallyport approve [SHA]\` | lets what is waiting go on | \`${approve}\` or more |`,
    `| \`/sallyport reject [reason]\` | drops what is waiting | \`${approve}\` or more |`,
    '| `/sallyport help` | shows this table | everybody |',
  ].join('\n');
}
