import { z } from 'zod';
import type { HookDeliveries, HookDelivery } from '../../ports/hook-deliveries.ts';
import { readAnswer } from './answer.ts';
import type { ApiClient } from './api-client.ts';
import { translateApiError } from './api-error.ts';

const perPage = 100;

const Listed = z.array(
  z.object({
    id: z.number(),
    guid: z.string(),
    delivered_at: z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
    redelivery: z.boolean(),
    status_code: z.int(),
    event: z.string(),
    action: z.string().nullable(),
  }),
);

/** Webhooks over the REST API, with the App's JWT. */
export class OctokitHookDeliveries implements HookDeliveries {
  readonly #app: ApiClient;

  /** `app` authenticates as the App itself. */
  constructor(app: ApiClient) {
    this.#app = app;
  }

  async list(cursor?: string): ReturnType<HookDeliveries['list']> {
    return this.#translated(async () => {
      const answer = await this.#app.request('GET /app/hook/deliveries', {
        per_page: perPage,
        ...(cursor === undefined ? {} : { cursor }),
      });
      const deliveries = readAnswer(Listed, answer)
        // GitHub's ids are 64 bits wide; one that JSON has rounded would name another delivery.
        .filter(({ id }) => Number.isSafeInteger(id))
        .map(fromListed);
      const next = nextCursor(answer.headers.link);
      return next === undefined ? { deliveries } : { deliveries, next };
    });
  }

  async redeliver(id: number): Promise<void> {
    await this.#translated(() =>
      this.#app.request('POST /app/hook/deliveries/{delivery_id}/attempts', {
        delivery_id: id,
      }),
    );
  }

  async #translated<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      throw translateApiError(error);
    }
  }
}

function fromListed(row: z.output<typeof Listed>[number]): HookDelivery {
  const { id, guid, event, action } = row;
  return {
    id,
    guid,
    atMs: row.delivered_at,
    isTaken: row.status_code >= 200 && row.status_code < 300,
    isRedelivery: row.redelivery,
    event,
    action,
  };
}

/** These pages go by cursor, which stands in the address of the next one. */
function nextCursor(link: string | undefined): string | undefined {
  const address = /<([^>]+)>;\s*rel="next"/.exec(link ?? '')?.[1];
  return address === undefined
    ? undefined
    : (new URL(address).searchParams.get('cursor') ?? undefined);
}
