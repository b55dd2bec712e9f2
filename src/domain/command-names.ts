/** Words that name a command, in the order in which help shows them. */
export const commandNames = [
  'help',
  'review',
  'fix',
  'run',
  'approve',
  'reject',
  'dismiss',
  'cancel',
  'retry',
  'pause',
  'resume',
  'status',
  'explain',
] as const;
export type CommandName = (typeof commandNames)[number];
