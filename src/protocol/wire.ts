/**
 * The wire: HTTP/2 with prior knowledge over the container's stdin and stdout.
 * The supervisor is the client; these are all the routes that the control plane serves.
 * - `GET /v1/input`: the input bundle, a tar of `task.json`, `diff.patch`, perhaps `prompt.md`, then `base/<path>` and
 *   last `head/<path>` entries.
 * - `POST /v1/events`: newline-delimited `SandboxEvent`s, one long request; answered 204 at its end.
 * - `POST /v1/result`: `ResultManifest` line and file bytes, once; 204 taken, 4xx refused, the text says why.
 * Anything else, CONNECT and foreign authorities included, is for the broker, which denies by default.
 */
export const routes = {
  input: '/v1/input',
  events: '/v1/events',
  result: '/v1/result',
} as const;

/**
 * Header of the answer to `GET /v1/input`: a random word for the agent's environment. Beside the input and
 * not in it: equal inputs have equal digests, and this word is never the same.
 */
export const canaryHeader = 'sallyport-canary';

/**
 * Header of the same answer: what the agent gives for a key where it asks a model. It opens nothing but the model
 * routes of this one task, and no provider knows it.
 */
export const modelKeyHeader = 'sallyport-model-key';

/**
 * Header of the same answer: what the task may use of its model, as JSON of `ModelBudget`. Beside the input, since
 * what others used before differs from run to run.
 */
export const budgetHeader = 'sallyport-budget';

/**
 * Header of an answer of the broker: a ceiling of the task is reached, by name. The supervisor lets the agent end
 * and hands back what there is.
 */
export const limitHeader = 'sallyport-limit';

/** `:authority` of requests to the control plane itself. */
export const controlAuthority = 'sallyport.internal';
