import { isDeepStrictEqual } from 'node:util';
import type { LedgerEvent } from '../domain/ledger-entry.ts';
import type { Ledger } from '../ports/ledger.ts';

/**
 * Appends an event of a task unless its latest event of this type says the same: a step that is tried again
 * after a crash shows once in the ledger. An event about no task is always appended.
 */
export async function appendOnce(ledger: Ledger, event: LedgerEvent): Promise<void> {
  const { taskId, type, data } = event;
  const rows = taskId === null ? [] : await ledger.ofTask(taskId);
  const last = rows.findLast((row) => row.type === type);
  if (last !== undefined && isDeepStrictEqual(last.data, data)) return;
  await ledger.append(event);
}
