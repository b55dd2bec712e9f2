import { headSha, pullRequestPayload } from '../../webhooks/payloads.ts';

/** A `pull_request` payload that says how the pull request stands. */
export function openedPayload(pull: object = {}, more: object = {}): object {
  return pullRequestPayload({
    pull_request: {
      draft: false,
      user: { id: 5, login: 'mona' },
      labels: [],
      base: { ref: 'main', repo: { id: 1001 } },
      head: { sha: headSha, ref: 'topic', repo: { id: 1001 } },
      ...pull,
    },
    ...more,
  });
}
