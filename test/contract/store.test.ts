import { openSqliteStore } from '../../src/adapters/sql/open-sqlite-store.ts';
import { FakeStore } from '../support/fakes/fake-store.ts';
import { describeStoreContract } from './store-contract.ts';
import { temporaryFile } from './store-folder.ts';

describeStoreContract('the fake store', async (clock) => new FakeStore(clock));
describeStoreContract('SQLite in memory', (clock) => openSqliteStore({ file: ':memory:', clock }));
describeStoreContract('SQLite in a file', (clock) =>
  openSqliteStore({ file: temporaryFile(), clock }),
);
