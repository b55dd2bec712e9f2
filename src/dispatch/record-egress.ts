import type { EgressRecord } from '../broker/egress-record.ts';
import type { LedgerEvent } from '../domain/ledger-entry.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { StageOf } from './stage-name.ts';

/**
 * Appends one decision of a task's broker to the ledger. What it is about goes out only after this.
 * @throws SallyportError `store.unavailable`
 */
export async function recordEgress(
  ledger: Ledger,
  { id: taskId, attempt, stage }: StageOf,
  record: EgressRecord,
): Promise<void> {
  const { type } = record;
  // The end of an exchange tells of what has gone out already; its decision never waits.
  const mayWait = type === 'egress.closed';
  await ledger.append({ type, taskId, data: { attempt, stage, ...dataOf(record) } }, { mayWait });
}

function dataOf(record: EgressRecord): LedgerEvent['data'] {
  if (record.type === 'egress.allowed') {
    const { type: _, addresses, ...said } = record;
    return { ...said, addresses: [...addresses] };
  }
  if (record.type === 'egress.closed') {
    const { type: _, model, ...said } = record;
    return { ...said, model: model === null ? null : { ...model } };
  }
  const { type: _, ...said } = record;
  return said;
}
