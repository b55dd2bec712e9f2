import { type JsonObject, textOf } from './json.ts';

const DOCUMENTATION_URL = 'https://docs.github.com/rest';

/** An answer of 4xx that GitHub gives: thrown by handlers, sent by the server with this status and body. */
export class Refusal extends Error {
  readonly status: number;
  readonly body: JsonObject;

  constructor(status: number, body: JsonObject) {
    super(`${status} ${textOf(body['message'])}`);
    this.status = status;
    this.body = { documentation_url: DOCUMENTATION_URL, status: String(status), ...body };
  }
}

/** 404, which GitHub also gives for what the caller may not see. */
export function notFound(): Refusal {
  return new Refusal(404, { message: 'Not Found' });
}

/** 401 with GitHub's message for a missing, unknown or expired credential. */
export function badCredentials(message = 'Bad credentials'): Refusal {
  return new Refusal(401, { message });
}

/** 403 for a token that lacks the permission of the operation. */
export function notAccessible(): Refusal {
  return new Refusal(403, { message: 'Resource not accessible by integration' });
}

/** 422 with error objects, as most endpoints send it. */
export function validationFailed(resource: string, field: string, message: string): Refusal {
  const errors = [{ resource, field, code: 'custom', message }];
  return new Refusal(422, { message: 'Validation Failed', errors });
}

/** 422 with plain strings and no index, as the review endpoint sends it. */
export function unprocessable(...errors: string[]): Refusal {
  return new Refusal(422, { message: 'Unprocessable Entity', errors });
}
