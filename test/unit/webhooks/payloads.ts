import type { Delivery } from '../../../src/webhooks/delivery.ts';

export const appId = 4242;
export const deliveryId = '72d3162e-cc78-11e3-81ab-4c9367dc0958';
const receivedAtMs = Date.UTC(2026, 0, 1);
export const headSha = 'a'.repeat(40);
export const updatedAt = '2026-01-01T00:00:00Z';

export const envelope = {
  installation: { id: 7, node_id: 'x' },
  repository: {
    id: 1001,
    name: 'widget',
    full_name: 'acme/widget',
    owner: { login: 'acme', id: 3 },
  },
  sender: { id: 5, login: 'mona', type: 'User', site_admin: false },
};

/** The fields of a trigger that come from the envelope. */
export const common = {
  deliveryId,
  repository: { installationId: 7, repositoryId: 1001, owner: 'acme', name: 'widget' },
  sender: { id: 5, login: 'mona', type: 'User' },
  receivedAtMs,
};

export function pullRequestPayload(overrides: object = {}): object {
  return {
    ...envelope,
    action: 'opened',
    number: 9,
    pull_request: { head: { sha: headSha, ref: 'x' }, author_association: 'OWNER' },
    ...overrides,
  };
}

export function commentPayload(overrides: object = {}, comment: object = {}): object {
  return {
    ...envelope,
    action: 'created',
    issue: { number: 9, pull_request: { url: 'https://api.github.example/pulls/9' } },
    comment: {
      id: 77,
      body: '/sallyport review',
      updated_at: updatedAt,
      user: { id: 5 },
      performed_via_github_app: null,
      ...comment,
    },
    ...overrides,
  };
}

export function reviewCommentPayload(overrides: object = {}, comment: object = {}): object {
  const reply = { id: 78, body: '/sallyport fix', updated_at: updatedAt, in_reply_to_id: 70 };
  return {
    ...envelope,
    action: 'created',
    pull_request: { number: 9 },
    comment: { ...reply, ...comment },
    ...overrides,
  };
}

export function checkRunPayload(overrides: object = {}, run: object = {}): object {
  return {
    ...envelope,
    action: 'requested_action',
    check_run: { id: 55, external_id: 't1', head_sha: headSha, app: { id: appId }, ...run },
    requested_action: { identifier: 'apply' },
    ...overrides,
  };
}

export function deliver(payload: unknown, id = deliveryId): Delivery {
  return { id, payload, receivedAtMs };
}
