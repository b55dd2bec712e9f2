import { grants } from '../permissions.ts';
import type { InstallationToken, Repository } from '../records.ts';
import { reachable } from '../tokens.ts';

/** An error of GraphQL with GitHub's `type` beside the message. */
export class GraphQlRefusal extends Error {
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

/** What an id names nothing gets, and what the caller may not see. */
export function noNode(id: string): GraphQlRefusal {
  return new GraphQlRefusal(
    'NOT_FOUND',
    `Could not resolve to a node with the global id of '${id}'.`,
  );
}

/** Lets a token at a repository. @throws GraphQlRefusal FORBIDDEN without the permissions, else `missing` */
export function admit(
  token: InstallationToken,
  repo: Repository,
  { wanted, missing }: { wanted: readonly string[]; missing: GraphQlRefusal },
): void {
  if (!reachable(token).includes(repo)) throw missing;
  const isAllowed = wanted.every((one) => grants(token.permissions, one));
  if (token.installation.isSuspended || !isAllowed)
    throw new GraphQlRefusal('FORBIDDEN', 'Resource not accessible by integration');
}
