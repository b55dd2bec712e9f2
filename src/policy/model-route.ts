import { z } from 'zod';
import { ModelApi } from '../domain/model-api.ts';
import { Credential, RuleId, SigningCredential } from './egress-rule.ts';

/** What the authority of every model route ends with; no resolver is ever asked about it. */
export const routeSuffix = '.model.sallyport.internal';

const Word = z.string().regex(/^[A-Za-z0-9._:/-]{1,128}$/);
const Path = z.string().regex(/^(?:\/[A-Za-z0-9._-]+)+$/);
/** A model as its provider names it. */
export const ModelName = Word;

/**
 * A model API that tasks may use with a key they never see. The sandbox asks
 * `http://<authority>/v1/…` in plain HTTP, with a word of this one run for a key.
 */
export const ModelRoute = z
  .strictObject({
    id: RuleId,
    kind: ModelApi,
    authority: z.string().regex(/^[a-z0-9-]{1,40}\.model\.sallyport\.internal$/),
    /** What the path is put behind, e.g. `https://api.anthropic.com`. `http:` only into `allowAddresses`. */
    upstream: z
      .url({ protocol: /^https?$/ })
      .refine(isPrefix, 'must have no query, user or last slash'),
    /** Start of every path that the upstream's own takes the place of, such as `/v1` where that ends with `/v1beta/openai`. */
    stripPrefix: Path.optional(),
    /** Absent for a self-hosted model without a key. */
    credential: z.union([Credential, SigningCredential]).optional(),
    /** Paths, whole and exact. */
    paths: z.array(Path).min(1),
    /** Models that may be asked for, exact. */
    models: z.array(ModelName).min(1),
    /** Ceilings of a task on this route. At one of them no model is asked any more, and the agent is stopped. */
    limits: z.strictObject({
      tokens: z.int().min(1),
      costMicroUsd: z.int().min(1),
      /** Requests that were let out, however often the provider had to be asked. */
      requests: z.int().min(1).optional(),
    }),
    /**
     * How a provider's faults of the moment (429, 500, 502, 503, 504, 529) are met before anything of them reaches the
     * agent: so many tries in all, and no wait above this, whatever the provider asks for. 3 and 20 s unless said.
     */
    retry: z
      .strictObject({ attempts: z.int().min(1).max(10), maxWaitMs: z.int().min(0).max(60_000) })
      .optional(),
    /** May a model be used that the price table does not know? Its cost then counts as nothing. */
    unpriced: z.enum(['deny', 'allow']).default('deny'),
    /** Types of tools, or kinds of content, that are run or fetched by the provider: a second way out. */
    allowRemote: z.array(Word).default([]),
    /** Request fields besides those that are known to be harmless. */
    allowFields: z.array(Word).default([]),
  })
  .refine(
    ({ stripPrefix = '', paths }) => paths.every((path) => path.startsWith(`${stripPrefix}/`)),
    { path: ['stripPrefix'], error: 'must be how every path starts' },
  );
export type ModelRoute = z.infer<typeof ModelRoute>;

function isPrefix(url: string): boolean {
  const { username, password, search, hash } = new URL(url);
  return `${username}${password}${search}${hash}` === '' && !/[/?#]$/.test(url);
}
