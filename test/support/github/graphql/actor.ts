import type { User } from '../records.ts';
import { nodeId } from '../views/account.ts';

/** An account as `Actor`. GraphQL writes the login of a bot without `[bot]`, where REST has it. */
export function viewActor(user: User): object {
  return {
    __typename: user.type,
    id: nodeId('U', user.id),
    databaseId: user.id,
    login: user.login.replace(/\[bot\]$/, ''),
  };
}
