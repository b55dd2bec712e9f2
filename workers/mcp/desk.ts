import type { TaskInput } from '../../src/protocol/task-input.ts';
import type { Journal } from './journal.ts';

/** What the tools work with: the task, the folders of the sandbox, and what has been said. */
export interface Desk {
  readonly input: TaskInput;
  readonly places: {
    readonly workspace: string;
    readonly task: string;
    readonly base: string;
    readonly out: string;
  };
  readonly findings: Journal;
  readonly opinions: Journal;
}
