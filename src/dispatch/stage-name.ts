import type { Task } from '../domain/task.ts';

/** The sandboxes that one task may have, one after the other; rows of the ledger carry the name. */
export type StageName = 'agent' | 'verify' | 'proof' | 'judge';

/** An attempt of a task, and which of its sandboxes a row of the ledger is about. */
export type StageOf = Pick<Task, 'id' | 'attempt'> & { readonly stage: StageName };
