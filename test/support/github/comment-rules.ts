import { unprocessable, validationFailed } from './refusal.ts';

/** Observed limit of a comment body, undocumented: 422 "body is too long". Counted in characters. */
const MAX_BODY_CHARACTERS = 65_536;

/** @throws Refusal 422 for an empty or overlong body of a single comment */
export function checkCommentBody(resource: string, body: string): void {
  if (body.trim() === '') throw validationFailed(resource, 'body', 'Body cannot be blank');
  if (body.length > MAX_BODY_CHARACTERS) {
    throw validationFailed(
      resource,
      'body',
      `body is too long (maximum is ${MAX_BODY_CHARACTERS} characters)`,
    );
  }
}

/** @throws Refusal 422, with plain strings, for a part of a review */
export function checkReviewBody(body: string): void {
  if (body.length > MAX_BODY_CHARACTERS)
    throw unprocessable(`Body is too long (maximum is ${MAX_BODY_CHARACTERS} characters)`);
}
