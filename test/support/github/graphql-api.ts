import { readFileSync } from 'node:fs';
import { buildSchema, type GraphQLError, graphql } from 'graphql';
import type { Answer } from './call.ts';
import { type CommitInput, createCommitOnBranch } from './create-commit.ts';
import { GraphQlRefusal } from './graphql/refusal.ts';
import {
  minimizeComment,
  node,
  repository,
  resolveReviewThread,
  unresolveReviewThread,
} from './graphql/resolvers.ts';
import type { Viewer } from './graphql/views.ts';
import { isObject, type Json, type JsonObject, textOf } from './json.ts';
import { badCredentials, Refusal } from './refusal.ts';
import type { Violation } from './schema-set.ts';
import { identify } from './tokens.ts';
import type { Webhooks } from './webhooks.ts';
import type { World } from './world.ts';

/** Shared by all stand-ins of a process: it never changes. */
const SCHEMA = buildSchema(readFileSync(new URL('schema.graphql', import.meta.url), 'utf8'));

/** Content over the limits: the whole request is answered so, not one field of it. */
class OverLimit extends Error {
  readonly answer: Answer;

  constructor(answer: Answer) {
    super('content limits');
    this.answer = answer;
  }
}

/** Answers what of GitHub's published GraphQL schema `graphql-fields.ts` names. */
export class GraphQlApi {
  readonly #world: World;
  readonly #webhooks: Webhooks;
  readonly #violations: Violation[];

  constructor(world: World, webhooks: Webhooks, violations: Violation[]) {
    this.#world = world;
    this.#webhooks = webhooks;
    this.#violations = violations;
  }

  /** GraphQL answers 200 with `errors`; only a missing or bad credential is a 401. @throws Refusal 401 */
  async handle(authorization: string | undefined, body: Json | undefined): Promise<Answer> {
    const caller = identify(this.#world, authorization);
    if (caller.kind !== 'installation') throw badCredentials();
    const request = isObject(body) ? body : {};
    const result = await graphql({
      schema: SCHEMA,
      source: textOf(request['query']),
      variableValues: isObject(request['variables']) ? request['variables'] : {},
      rootValue: this.#root({ world: this.#world, token: caller.token }),
    });
    const refused = (result.errors ?? []).find(({ cause }) => cause instanceof OverLimit)?.cause;
    if (refused instanceof OverLimit) return refused.answer;
    const errors = (result.errors ?? []).map((error) => this.#viewError(error));
    const data =
      result.data === undefined ? {} : { data: JSON.parse(JSON.stringify(result.data)) as Json };
    return { status: 200, body: { ...data, ...(errors.length > 0 ? { errors } : {}) } };
  }

  #root(viewer: Viewer): object {
    const { world, token } = viewer;
    const scene = { world, webhooks: this.#webhooks, sender: world.bot };
    return {
      createCommitOnBranch: ({ input }: { input: CommitInput }) => {
        const refused = world.content.take(token.installation.id);
        if (refused) throw new OverLimit(refused);
        return createCommitOnBranch(scene, token, input);
      },
      minimizeComment: minimizeComment.bind(undefined, viewer),
      node: node.bind(undefined, viewer),
      repository: repository.bind(undefined, viewer),
      resolveReviewThread: resolveReviewThread.bind(undefined, viewer),
      unresolveReviewThread: unresolveReviewThread.bind(undefined, viewer),
    };
  }

  #viewError(error: GraphQLError): JsonObject {
    const { cause } = error;
    const view = JSON.parse(JSON.stringify(error)) as JsonObject;
    if (cause instanceof GraphQlRefusal) return { type: cause.type, ...view };
    if (cause instanceof Refusal) return { type: 'NOT_FOUND', ...view };
    // A query outside the schema, or a bug of the stand-in.
    this.#violations.push({
      direction: 'request',
      operation: 'graphql',
      errors: [error.message, ...(cause instanceof Error ? [cause.stack ?? ''] : [])],
    });
    return view;
  }
}
