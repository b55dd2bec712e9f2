import { buildSchema, type GraphQLError, graphql } from 'graphql';
import type { Answer } from './call.ts';
import { type CommitInput, createCommitOnBranch, GraphQlRefusal } from './create-commit.ts';
import { isObject, type Json, type JsonObject, textOf } from './json.ts';
import { badCredentials, Refusal } from './refusal.ts';
import type { Violation } from './schema-set.ts';
import { identify } from './tokens.ts';
import type { Webhooks } from './webhooks.ts';
import type { World } from './world.ts';

/** The part of GitHub's public GraphQL schema that the product may use, with GitHub's own names and types. */
const SDL = `
  scalar Base64String
  scalar GitObjectID
  scalar GitSSHRemote
  scalar URI
  type Query { rateLimit: RateLimit }
  type RateLimit { remaining: Int! }
  input CommittableBranch { id: ID, repositoryNameWithOwner: String, branchName: String }
  input CommitMessage { headline: String!, body: String }
  input FileAddition { path: String!, contents: Base64String! }
  input FileDeletion { path: String! }
  input FileChanges { additions: [FileAddition!], deletions: [FileDeletion!] }
  input CreateCommitOnBranchInput {
    branch: CommittableBranch!
    fileChanges: FileChanges
    message: CommitMessage!
    expectedHeadOid: GitObjectID!
    clientMutationId: String
  }
  type GitSignature { isValid: Boolean! }
  type Commit { oid: GitObjectID!, abbreviatedOid: String!, url: URI!, commitUrl: URI!, message: String!, signature: GitSignature }
  type Ref { name: String!, target: Commit }
  type CreateCommitOnBranchPayload { clientMutationId: String, commit: Commit, ref: Ref }
  type Mutation { createCommitOnBranch(input: CreateCommitOnBranchInput!): CreateCommitOnBranchPayload }
`;

/** Answers GraphQL: `createCommitOnBranch` and nothing else. */
export class GraphQlApi {
  readonly #schema = buildSchema(SDL);
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
    const world = this.#world;
    const result = await graphql({
      schema: this.#schema,
      source: textOf(request['query']),
      variableValues: isObject(request['variables']) ? request['variables'] : {},
      rootValue: {
        createCommitOnBranch: ({ input }: { input: CommitInput }) =>
          createCommitOnBranch(
            { world, webhooks: this.#webhooks, sender: world.bot },
            caller.token,
            input,
          ),
      },
    });
    const errors = (result.errors ?? []).map((error) => this.#viewError(error));
    const data =
      result.data === undefined ? {} : { data: JSON.parse(JSON.stringify(result.data)) as Json };
    return { status: 200, body: { ...data, ...(errors.length > 0 ? { errors } : {}) } };
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
