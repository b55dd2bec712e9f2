import { onTestFinished } from 'vitest';
import { openSqliteStore } from '../../src/adapters/sql/open-sqlite-store.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { FakeLedger } from '../support/fakes/fake-ledger.ts';
import { describeLedgerContract } from './ledger-contract.ts';
import { temporaryFile } from './store-folder.ts';

async function sqliteLedger(file: string, clock: Clock) {
  const store = await openSqliteStore({ file, clock });
  onTestFinished(() => store.close());
  return store.ledger;
}

describeLedgerContract('the fake', async (clock) => new FakeLedger(clock));
describeLedgerContract('SQLite in memory', (clock) => sqliteLedger(':memory:', clock));
describeLedgerContract('SQLite in a file', (clock) => sqliteLedger(temporaryFile(), clock));
