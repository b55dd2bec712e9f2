import { z } from 'zod';
import { type ErrorCode, SallyportError } from '../../errors.ts';

const HttpFailure = z.object({
  status: z.int(),
  response: z
    .object({ headers: z.record(z.string(), z.unknown()).default({}) })
    .optional()
    .catch(undefined),
});

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
  RATE_LIMITED: 'github.unavailable',
  SERVICE_UNAVAILABLE: 'github.unavailable',
  // https://github.blog/changelog/2025-09-01-graphql-api-resource-limits: it depends on what else GitHub has to do.
  RESOURCE_LIMITS_EXCEEDED: 'github.unavailable',
};

/** Did GitHub answer with this HTTP status? For answers that mean something else here than everywhere. */
export function hasStatus(error: unknown, status: number): boolean {
  return error instanceof Error && 'status' in error && error.status === status;
}

/** Did GitHub's GraphQL API answer with an error of this type? */
export function hasGraphQlType(error: unknown, type: string): boolean {
  return graphQlTypes(error)?.includes(type) ?? false;
}

/**
 * The coded error for what a request threw, by status and error type alone.
 * `wasLimited`: a rate limit was seen, so a 403 is "later" and not "never".
 * Anything that is not an answer or a lost connection is a fault of ours and is returned as it is.
 */
export function translateApiError(error: unknown, wasLimited: boolean): unknown {
  if (error instanceof SallyportError) return error;
  const types = graphQlTypes(error);
  if (types !== undefined) return coded(codeOfTypes(types), `GraphQL ${types.join(', ')}`, error);
  const failure = HttpFailure.safeParse(error);
  if (!failure.success) return error;
  const { status, response } = failure.data;
  const limited = wasLimited || (response !== undefined && saysLimited(response.headers));
  // Octokit gives a connection that broke or ran out of time status 500 and no response.
  const what = response === undefined ? 'no answer' : `HTTP ${status}`;
  return coded(codeOfStatus(status, limited), what, error);
}

function codeOfStatus(status: number, limited: boolean): ErrorCode {
  if (status === 429 || status >= 500) return 'github.unavailable';
  if (status === 403 && limited) return 'github.unavailable';
  if (status === 401 || status === 403) return 'github.forbidden';
  if (status === 404 || status === 410) return 'github.not-found';
  return 'github.rejected';
}

function codeOfTypes(types: readonly string[]): ErrorCode {
  for (const type of types) {
    const code = Object.hasOwn(codeOfType, type) ? codeOfType[type] : undefined;
    if (code !== undefined) return code;
  }
  return 'github.rejected';
}

function saysLimited(headers: Readonly<Record<string, unknown>>): boolean {
  return headers['retry-after'] !== undefined || headers['x-ratelimit-remaining'] === '0';
}

function graphQlTypes(error: unknown): string[] | undefined {
  // An HTTP failure can carry `errors` too; it is told apart by its status.
  if (HttpFailure.safeParse(error).success) return undefined;
  const failure = GraphQlFailure.safeParse(error);
  if (!failure.success) return undefined;
  const errors = 'errors' in failure.data ? failure.data.errors : failure.data.data.errors;
  return errors.map((one) => one.type ?? 'untyped');
}

function coded(code: ErrorCode, what: string, cause: unknown): SallyportError {
  return new SallyportError(code, `GitHub: ${what}`, { cause });
}
