import { z } from 'zod';
import { taskIdFor } from '../domain/ids.ts';
import type { Context } from './context.ts';

/** What a look at GitHub's list of deliveries has not come to yet. Times are epoch ms. */
const Backlog = z.strictObject({
  /** The page to go on with, older than all that was seen. */
  next: z.string().min(1),
  /** The oldest attempt that was seen. */
  fromMs: z.int(),
  /** How far back it goes. */
  sinceMs: z.int(),
  /** When deliveries had been looked at before: what came earlier may be unknown for good reasons. */
  cursorMs: z.int(),
});
export type Backlog = z.infer<typeof Backlog>;

const key = taskIdFor('hook-deliveries', 'backlog');
const step = 'backlog';

/** Where the next look goes on; undefined when the last ones came to the end. @throws SallyportError `store.…` */
export async function readBacklog({ store }: Pick<Context, 'store'>): Promise<Backlog | undefined> {
  const kept = await store.steps.find(key, step);
  return kept === undefined || kept === '' ? undefined : Backlog.parse(JSON.parse(kept));
}

/** Keeps the place for the next look, or that there is nothing left. */
export async function keepBacklog(
  { store }: Pick<Context, 'store'>,
  backlog: Backlog | undefined,
): Promise<void> {
  await store.steps.finish(key, step, backlog === undefined ? '' : JSON.stringify(backlog));
}
