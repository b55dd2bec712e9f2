import { type JsonObject, propertyOf } from './json-object.ts';

/** How much a request lets a model write. */
export interface AskedAnswer {
  /** Tokens of all answers together; undefined: as many as the model can. */
  readonly maxTokens: number | undefined;
  readonly isStream: boolean;
}

/** The names that the three APIs have for it; where a request has several the first counts. */
const limitNames = ['max_completion_tokens', 'max_output_tokens', 'max_tokens'];

/** Reads it from the body of a request. Only Chat can ask for several answers at once (`n`). */
export function askedAnswer(body: JsonObject): AskedAnswer {
  const limit = limitNames.map((name) => countOf(body, name)).find((count) => count !== undefined);
  const answers = countOf(body, 'n') ?? 1;
  return {
    maxTokens: limit === undefined ? undefined : limit * answers,
    isStream: body['stream'] === true,
  };
}

function countOf(body: JsonObject, name: string): number | undefined {
  const value = propertyOf(body, name);
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : undefined;
}
