import type { ColumnDefinitionBuilder, Kysely } from 'kysely';
import type { Flavour } from './flavour.ts';

const required = (col: ColumnDefinitionBuilder): ColumnDefinitionBuilder => col.notNull();

/** Creates the table of what was found on pull requests. */
export async function createFindings(db: Kysely<unknown>, flavour: Flavour): Promise<void> {
  const { wholeNumber, tableEnd } = flavour;
  await db.schema
    .createTable('findings')
    .addColumn('seq', wholeNumber, (col) => flavour.counter(col))
    .addColumn('repository_id', wholeNumber, required)
    .addColumn('pull_request', wholeNumber, required)
    .addColumn('id', 'text', required)
    .addColumn('task_name', 'text', required)
    .addColumn('tool', 'text', required)
    .addColumn('rule', 'text', required)
    .addColumn('severity', 'text', required)
    .addColumn('path', 'text', required)
    .addColumn('mark_key', 'text', required)
    .addColumn('mark_near', 'text', required)
    .addColumn('mark_tool', 'text')
    .addColumn('state', 'text', required)
    .addColumn('place', 'text', required)
    .addColumn('first_task', 'text', required)
    .addColumn('last_task', 'text', required)
    .addColumn('dismissed_by_id', wholeNumber)
    .addColumn('dismissed_via', 'text')
    .addColumn('dismissal_waives', wholeNumber)
    .addColumn('dismissed_at_ms', wholeNumber)
    .addUniqueConstraint('findings_key', ['repository_id', 'pull_request', 'id', 'task_name'])
    .modifyEnd(tableEnd)
    .execute();
}
