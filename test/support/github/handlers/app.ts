import { byId, type Call, enveloped, type Handler, number, page, repositoryOf } from '../call.ts';
import type { Json, JsonObject } from '../json.ts';
import type { Delivery, Installation } from '../records.ts';
import { notAccessible, notFound } from '../refusal.ts';
import { mintToken, reachable } from '../tokens.ts';
import { viewApp, viewInstallation } from '../views/account.ts';
import { viewRepository } from '../views/repository.ts';
import { isoSeconds } from '../world.ts';

function installationOf(call: Call): Installation {
  return byId(call.world.installations, number(call.path, 'installation_id'), () => true);
}

const createToken: Handler = (call) => {
  const installation = installationOf(call);
  const token = mintToken(call.world, installation, call.body);
  const repositories = reachable(token).map((repo) => viewRepository(call.world, repo));
  return {
    status: 201,
    body: {
      token: token.token,
      expires_at: isoSeconds(token.expiresAtMs),
      permissions: { ...token.permissions },
      repository_selection: token.repositoryIds ? 'selected' : 'all',
      ...(token.repositoryIds ? { repositories } : {}),
    },
  };
};

/** How GitHub words the outcome of a delivery. */
function deliveryStatus(code: number): string {
  if (code === 0) return 'failed to connect to host';
  return code < 300 ? 'OK' : 'Invalid HTTP Response';
}

function viewDelivery(delivery: Delivery): JsonObject {
  return {
    id: delivery.id,
    guid: delivery.guid,
    delivered_at: delivery.deliveredAt,
    redelivery: delivery.redelivery,
    duration: delivery.durationMs / 1000,
    status: deliveryStatus(delivery.statusCode),
    status_code: delivery.statusCode,
    event: delivery.event,
    action: delivery.action,
    installation_id: delivery.installationId,
    repository_id: delivery.repositoryId,
    throttled_at: null,
  };
}

function deliveryOf(call: Call): Delivery {
  const id = number(call.path, 'delivery_id');
  const delivery = call.world.deliveries.find((one) => one.id === id);
  if (!delivery) throw notFound();
  return delivery;
}

function isOk({ statusCode }: Delivery): boolean {
  return statusCode >= 200 && statusCode < 400;
}

/** Deliveries page by cursor, newest first, not by page number. */
const listDeliveries: Handler = (call) => {
  const { query, world } = call;
  const failed = query['status'] === 'failure';
  const succeeded = query['status'] === 'success';
  const newest = world.deliveries
    .toReversed()
    .filter((one) => (!failed || !isOk(one)) && (!succeeded || isOk(one)));
  const start =
    query['cursor'] === undefined
      ? 0
      : newest.findIndex((one) => `v1_${one.id}` === query['cursor']);
  const perPage = Math.min(Number(query['per_page'] ?? 30), 100);
  const shown = newest.slice(Math.max(start, 0), Math.max(start, 0) + perPage);
  const next = newest[Math.max(start, 0) + perPage];
  const link = next && `<?per_page=${perPage}&cursor=v1_${next.id}>; rel="next"`;
  return { status: 200, body: shown.map(viewDelivery), headers: link ? { link } : {} };
};

const getDelivery: Handler = (call) => {
  const delivery = deliveryOf(call);
  const payload = JSON.parse(delivery.body) as Json;
  const request = {
    headers: { 'X-GitHub-Delivery': delivery.guid, 'X-GitHub-Event': delivery.event },
    payload,
  };
  return {
    status: 200,
    body: { ...viewDelivery(delivery), request, response: { headers: {}, payload: null } },
  };
};

const listRepositories: Handler = (call) => {
  if (call.caller.kind !== 'installation') throw notAccessible();
  const repositories = reachable(call.caller.token);
  const answer = page(call, repositories, (repo) => viewRepository(call.world, repo));
  return enveloped(answer, 'repositories', repositories.length);
};

/** The App, its installations, tokens and deliveries. */
export const appHandlers = {
  'apps/get-authenticated': (call) => ({
    status: 200,
    body: { ...viewApp(call.world), installations_count: call.world.installations.size },
  }),
  'apps/list-installations': (call) =>
    page(call, [...call.world.installations.values()], (one) => viewInstallation(call.world, one)),
  'apps/get-installation': (call) => ({
    status: 200,
    body: viewInstallation(call.world, installationOf(call)),
  }),
  'apps/get-repo-installation': (call) => {
    const installation = call.world.installationOf(repositoryOf(call));
    if (!installation) throw notFound();
    return { status: 200, body: viewInstallation(call.world, installation) };
  },
  'apps/create-installation-access-token': createToken,
  'apps/list-repos-accessible-to-installation': listRepositories,
  'apps/list-webhook-deliveries': listDeliveries,
  'apps/get-webhook-delivery': getDelivery,
  'apps/redeliver-webhook-delivery': (call) => {
    call.webhooks.background(call.webhooks.redeliver(deliveryOf(call)));
    return { status: 202, body: {} };
  },
} satisfies Record<string, Handler>;
