import { closeSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { Kysely, sql } from 'kysely';
import { SallyportError } from '../../errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Ledger } from '../../ports/ledger.ts';
import type { Store } from '../../ports/store.ts';
import { sqliteFlavour } from './flavour.ts';
import { migrate } from './migrate.ts';
import type { Database } from './schema.ts';
import { SqlApprovalStore } from './sql-approval-store.ts';
import { SqlArtifactStore } from './sql-artifact-store.ts';
import { SqlContentPace } from './sql-content-pace.ts';
import { SqlCursorStore } from './sql-cursor-store.ts';
import { translateSqlite } from './sql-errors.ts';
import { SqlFindingStore } from './sql-finding-store.ts';
import { SqlLeaseStore } from './sql-lease-store.ts';
import { SqlLedger } from './sql-ledger.ts';
import { SqlPauseStore } from './sql-pause-store.ts';
import { SqlReplyStore } from './sql-reply-store.ts';
import { SqlRepositoryStore } from './sql-repository-store.ts';
import { SqlStepStore } from './sql-step-store.ts';
import { SqlTaskStore } from './sql-task-store.ts';
import { SqlUsageStore } from './sql-usage-store.ts';
import { NodeSqliteDialect } from './sqlite-dialect.ts';

/** Where the database is; `':memory:'` lives as long as the store. */
export interface SqliteOptions {
  readonly file: string;
  readonly clock: Clock;
}

/** A store and the ledger in the same database; closing the store closes both. */
export type SqlStore = Store & { readonly ledger: Ledger };

/** SQLite's own wait, for the moments in which a connection is opened or the log is copied back. */
const BUSY_TIMEOUT_MS = 5_000;

function createPrivately(file: string): void {
  try {
    // SQLite would create it readable by everybody; its -wal and -shm copy the mode of the main file.
    closeSync(openSync(file, 'a', 0o600));
  } catch (error) {
    throw new SallyportError('store.unavailable', 'the database file cannot be opened', {
      cause: error,
    });
  }
}

function openDatabase(file: string): DatabaseSync {
  if (file !== ':memory:') createPrivately(file);
  try {
    const database = new DatabaseSync(file, {
      timeout: BUSY_TIMEOUT_MS,
      enableForeignKeyConstraints: true,
      allowExtension: false,
      defensive: true,
    });
    // WAL: readers and one writer at once. FULL: a commit is on the disk before anybody is told of it.
    database.exec(
      'pragma journal_mode = wal; pragma synchronous = full; pragma trusted_schema = off',
    );
    // From here on the driver waits for locks, without stopping the event loop.
    database.exec('pragma busy_timeout = 0');
    return database;
  } catch (error) {
    throw translateSqlite(error);
  }
}

/**
 * Opens the database, creating and migrating it when needed. Any number of processes may have the same
 * file open at once; it must be on a local disk, because WAL needs shared memory.
 * @throws SallyportError `store.unavailable`, `store.corrupt`
 */
export async function openSqliteStore({ file, clock }: SqliteOptions): Promise<SqlStore> {
  const db = new Kysely<Database>({ dialect: new NodeSqliteDialect(openDatabase(file)) });
  try {
    await migrate(db, sqliteFlavour);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return {
    tasks: new SqlTaskStore(db, clock),
    approvals: new SqlApprovalStore(db),
    steps: new SqlStepStore(db),
    artifacts: new SqlArtifactStore(db),
    pauses: new SqlPauseStore(db),
    replies: new SqlReplyStore(db),
    repositories: new SqlRepositoryStore(db),
    cursors: new SqlCursorStore(db),
    usage: new SqlUsageStore(db),
    leases: new SqlLeaseStore(db),
    findings: new SqlFindingStore(db),
    contentPace: new SqlContentPace(db),
    ledger: new SqlLedger(db, clock),
    ping: async () => {
      await sql`select 1`.execute(db);
    },
    close: () => db.destroy(),
  };
}
