import { join } from 'node:path';
import { openSqliteStore } from '../../src/adapters/sql/open-sqlite-store.ts';
import { TaskId } from '../../src/domain/ids.ts';
import { systemClock } from '../../src/system-clock.ts';
import type { CheckRun } from './github/records.ts';

/** Has the App finished showing what `run` shows? The check is concluded before the review is posted. */
export async function isPublished(dataDir: string, run: CheckRun): Promise<boolean> {
  const store = await openSqliteStore({ file: join(dataDir, 'sallyport.db'), clock: systemClock });
  try {
    const entries = await store.ledger.ofTask(TaskId.parse(run.externalId));
    return entries.some(
      ({ type, data }) => type === 'report.published' && data['conclusion'] === run.conclusion,
    );
  } finally {
    await store.close();
  }
}
