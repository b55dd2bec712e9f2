import type { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { SallyportError } from '../../errors.ts';
import { createContentPace } from './content-pace-migration.ts';
import { createCursors } from './cursors-migration.ts';
import { createFindings } from './findings-migration.ts';
import { createTables } from './first-migration.ts';
import type { Flavour } from './flavour.ts';
import { createLeases } from './leases-migration.ts';
import { countRequests } from './model-requests-migration.ts';
import { keepParameters } from './parameters-migration.ts';
import { createPauses } from './pauses-migration.ts';
import { createReplies } from './replies-migration.ts';
import type { Database } from './schema.ts';
import { nameSubjects } from './subjects-migration.ts';
import { nameTasks } from './task-names-migration.ts';
import { createUsage } from './usage-migration.ts';

/**
 * Brings the database to the newest schema. Any number of processes may call it at once: each step runs
 * once. Names sort in the order in which they run; a step that has been released is never edited.
 * @throws SallyportError `store.unavailable`, `store.corrupt`
 */
export async function migrate(db: Kysely<Database>, flavour: Flavour): Promise<void> {
  const migrator = new Migrator({
    db,
    provider: {
      getMigrations: async () => ({
        '0001-tables': { up: (tables) => createTables(tables, flavour) },
        '0002-pauses': { up: (tables) => createPauses(tables, flavour) },
        '0003-replies': { up: (tables) => createReplies(tables, flavour) },
        '0004-task-names': { up: (tables) => nameTasks(tables) },
        '0005-cursors': { up: (tables) => createCursors(tables, flavour) },
        '0006-usage': { up: (tables) => createUsage(tables, flavour) },
        '0007-subjects': { up: (tables) => nameSubjects(tables) },
        '0008-leases': { up: (tables) => createLeases(tables, flavour) },
        '0009-parameters': { up: (tables) => keepParameters(tables) },
        '0010-findings': { up: (tables) => createFindings(tables, flavour) },
        '0011-content-pace': { up: (tables) => createContentPace(tables, flavour) },
        '0012-model-requests': { up: (tables) => countRequests(tables, flavour) },
      }),
    },
  });
  const { error } = await migrator.migrateToLatest();
  if (error === undefined) return;
  if (error instanceof SallyportError) throw error;
  throw new SallyportError(
    'store.corrupt',
    'the database schema is not one that this version made',
    {
      cause: error,
    },
  );
}
