import type { ColumnDefinitionBuilder, Kysely } from 'kysely';
import type { Flavour } from './flavour.ts';

const required = (col: ColumnDefinitionBuilder): ColumnDefinitionBuilder => col.notNull();

/** Creates the table of what attempts used, and tells tasks that nobody asked for from the others. */
export async function createUsage(
  db: Kysely<unknown>,
  { wholeNumber, tableEnd }: Flavour,
): Promise<void> {
  await db.schema
    .alterTable('tasks')
    .addColumn('is_automatic', wholeNumber, (col) => required(col).defaultTo(0))
    .execute();
  await db.schema
    .createTable('usage')
    .addColumn('task_id', 'text', required)
    .addColumn('attempt', wholeNumber, required)
    .addColumn('task_name', 'text', required)
    .addColumn('installation_id', wholeNumber, required)
    .addColumn('repository_id', wholeNumber, required)
    .addColumn('pull_request', wholeNumber, required)
    .addColumn('at_ms', wholeNumber, required)
    .addColumn('ms', wholeNumber, required)
    .addColumn('tokens', wholeNumber, required)
    .addColumn('cost_micro_usd', wholeNumber, required)
    .addPrimaryKeyConstraint('usage_key', ['task_id', 'attempt'])
    .modifyEnd(tableEnd)
    .execute();
  const index = db.schema.createIndex('usage_of_installation').on('usage');
  await index.columns(['installation_id', 'at_ms']).execute();
}
