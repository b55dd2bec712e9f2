import { z } from 'zod';
import { taskIdFor } from '../domain/ids.ts';
import type { RepositoryRef } from '../domain/repository.ts';
import { isFromGitHub } from '../errors.ts';
import type { Context } from './context.ts';

/** Repositories of one look in which there was work, those with the newest first. */
const maxBusy = 50;
/** Repositories of one look in their turn, with work in them or without; the last page may bring some more. */
const minInTurn = 50;
/** Pages of 100 that are asked for until there are as many. */
const maxPages = 10;

/** The page with which the round through all installations goes on. */
const Place = z.strictObject({ installationId: z.int(), page: z.int() });
type Place = z.infer<typeof Place>;

const key = taskIdFor('repositories', 'in-turn');
const step = 'place';

/**
 * The repositories of one look: the busiest ones each time, and of all that the App reaches some more, going on
 * where the last look ended. Where GitHub does not list them it is the busiest ones alone.
 */
export async function repositoriesInTurn(context: Context): Promise<readonly RepositoryRef[]> {
  const busy = await context.store.repositories.known(maxBusy);
  const inTurn = await asFarAsGitHub(context, 'the installations', () => nextOnes(context));
  const all = [...busy, ...(inTurn ?? [])];
  return [...new Map(all.map((one) => [one.repositoryId, one])).values()];
}

async function nextOnes(context: Context): Promise<readonly RepositoryRef[]> {
  const installations = await context.github.reach.installations();
  const found: RepositoryRef[] = [];
  let place = startOf(installations, await readPlace(context));
  for (let pages = 0; pages < maxPages && found.length < minInTurn; pages += 1) {
    if (place === undefined) break;
    const { installationId, page } = place;
    const read = await asFarAsGitHub(context, 'an installation', () =>
      context.github.reach.repositories(installationId, page),
    );
    found.push(...(read?.repositories ?? []));
    place = read?.hasMore ? { installationId, page: page + 1 } : after(installations, place);
  }
  await keepPlace(context, place);
  return found;
}

/** The place, or the start of the next installation where its own is gone; the first one when the round is over. */
function startOf(installations: readonly number[], place: Place | undefined): Place | undefined {
  if (place !== undefined && installations.includes(place.installationId)) return place;
  return after(installations, place) ?? after(installations, undefined);
}

function after(installations: readonly number[], place: Place | undefined): Place | undefined {
  const last = place?.installationId ?? -1;
  const next = installations.find((id) => id > last);
  return next === undefined ? undefined : { installationId: next, page: 1 };
}

/** Undefined where GitHub does not answer: suspended, gone or away. */
async function asFarAsGitHub<T>(
  context: Context,
  what: string,
  ask: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (!isFromGitHub(error)) throw error;
    context.log.warn({ what, err: error }, 'the repositories could not be listed');
    return undefined;
  }
}

async function readPlace({ store }: Context): Promise<Place | undefined> {
  const kept = await store.steps.find(key, step);
  return kept === undefined || kept === '' ? undefined : Place.parse(JSON.parse(kept));
}

async function keepPlace({ store }: Context, place: Place | undefined): Promise<void> {
  await store.steps.finish(key, step, place === undefined ? '' : JSON.stringify(place));
}
