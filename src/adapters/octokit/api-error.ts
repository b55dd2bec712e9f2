import { z } from 'zod';
import { type ErrorCode, SallyportError } from '../../errors.ts';
import { limitWaitMs, saidWaitMs } from './retry-after.ts';

const Headers = z.record(z.string(), z.unknown());
type Headers = z.output<typeof Headers>;
const WithHeaders = z.object({ headers: Headers });

const HttpFailure = z.object({ status: z.int() });

const GraphQlErrors = z.array(z.object({ type: z.string().optional() })).min(1);
const GraphQlFailure = z.union([
  z.object({ errors: GraphQlErrors }),
  z.object({ data: z.object({ errors: GraphQlErrors }) }),
]);

/** Error types of GitHub's GraphQL API that mean more than "rejected". */
const codeOfType: Readonly<Record<string, ErrorCode>> = {
  // https://docs.github.com/graphql/reference/mutations#createcommitonbranch: the head is not the expected one.
  STALE_DATA: 'github.stale-head',
  NOT_FOUND: 'github.not-found',
  FORBIDDEN: 'github.forbidden',
  INSUFFICIENT_SCOPES: 'github.forbidden',
  SERVICE_UNAVAILABLE: 'github.unavailable',
  // https://github.blog/changelog/2025-09-01-graphql-api-resource-limits: it depends on what else GitHub has to do.
  RESOURCE_LIMITS_EXCEEDED: 'github.unavailable',
};
const limitType = 'RATE_LIMITED';

/** Did GitHub answer with this HTTP status? For answers that mean something else here than everywhere. */
export function hasStatus(error: unknown, status: number): boolean {
  return error instanceof Error && 'status' in error && error.status === status;
}

/** Did GitHub's GraphQL API answer with an error of this type? */
export function hasGraphQlType(error: unknown, type: string): boolean {
  return graphQlTypes(error)?.includes(type) ?? false;
}

/**
 * The coded error for what a request threw, by status, headers and error type alone. Where GitHub said how long to
 * wait it has `retryAfterMs`. Anything that is not an answer or a lost connection is a fault of ours and is
 * returned as it is.
 */
export function translateApiError(error: unknown): unknown {
  if (error instanceof SallyportError) return error;
  const failure = HttpFailure.safeParse(error);
  if (failure.success) return httpError(failure.data.status, error);
  const types = graphQlTypes(error);
  return types === undefined ? error : graphQlError(types, error);
}

/** The coded error of a request that a rate limit refused, whatever its status. */
export function limitError(error: unknown): SallyportError {
  const retryAfterMs = limitWaitMs(headersOf(error) ?? {}, Date.now());
  const options = { cause: error, retryAfterMs };
  return new SallyportError('github.unavailable', 'GitHub: a rate limit', options);
}

function httpError(status: number, error: unknown): SallyportError {
  const headers = headersOf(error);
  if (status === 429 || (status === 403 && isLimit(headers ?? {}))) return limitError(error);
  const code = codeOfStatus(status);
  // GitHub that is down for a while may say for how long.
  const retryAfterMs = code === 'github.unavailable' ? saidWaitMs(headers ?? {}) : null;
  // Octokit gives a connection that broke or ran out of time status 500 and no response.
  const what = headers === undefined ? 'no answer' : `HTTP ${status}`;
  return new SallyportError(code, `GitHub: ${what}`, { cause: error, retryAfterMs });
}

function codeOfStatus(status: number): ErrorCode {
  if (status >= 500) return 'github.unavailable';
  // 451 is for everybody alike, and lasts; but what is behind it is there, so nobody may take it for absent.
  if (status === 401 || status === 403 || status === 451) return 'github.forbidden';
  if (status === 404 || status === 410) return 'github.not-found';
  return 'github.rejected';
}

function graphQlError(types: readonly string[], error: unknown): SallyportError {
  // A secondary limit comes with status 200 and any type, or with none.
  const saysWhen = saidWaitMs(headersOf(error) ?? {}) !== null;
  if (saysWhen || types.includes(limitType)) return limitError(error);
  const known = types.find((type) => Object.hasOwn(codeOfType, type));
  const code = known === undefined ? undefined : codeOfType[known];
  const message = `GitHub: GraphQL ${types.join(', ')}`;
  return new SallyportError(code ?? 'github.rejected', message, { cause: error });
}

function isLimit(headers: Headers): boolean {
  return headers['retry-after'] !== undefined || headers['x-ratelimit-remaining'] === '0';
}

/** Of the answer that an error tells of; undefined where there was none. */
function headersOf(error: unknown): Headers | undefined {
  const response = error instanceof Error && 'response' in error ? error.response : undefined;
  // GraphQL errors have the body as their response, and the headers beside it.
  return (
    WithHeaders.safeParse(response).data?.headers ?? WithHeaders.safeParse(error).data?.headers
  );
}

function graphQlTypes(error: unknown): string[] | undefined {
  const failure = GraphQlFailure.safeParse(error);
  if (!failure.success) return undefined;
  const errors = 'errors' in failure.data ? failure.data.errors : failure.data.data.errors;
  return errors.map((one) => one.type ?? 'untyped');
}
