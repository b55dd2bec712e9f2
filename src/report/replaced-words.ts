import type { Outcome } from '../domain/outcome.ts';

type Replaced = NonNullable<Outcome['replaced']>[number];

/** What an agent was given of a file that steers agents, for a terminal and SARIF. */
export const replacedWords: Readonly<Record<Replaced['what'], string>> = {
  base: 'given as the base has it',
  absent: 'not given',
  head: 'imported, and given as the head has it',
};
