import type { Kysely } from 'kysely';

/** Tells tasks for issues from those for pull requests. Those from before are all for pull requests. */
export async function nameSubjects(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('tasks')
    .addColumn('subject_kind', 'text', (col) => col.notNull().defaultTo('pull-request'))
    .execute();
}
