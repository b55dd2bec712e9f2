import { z } from 'zod';
import type { LostAccess } from '../domain/trigger.ts';
import {
  type Conversion,
  type Delivery,
  hasAction,
  ignored,
  receivedFields,
  refused,
  toTrigger,
} from './delivery.ts';

/** Most repositories of one event that are looked at by name; the schedule finds the rest. */
const maxRepositories = 1_000;

const Listed = z.array(z.object({ id: z.int(), full_name: z.string() }));
const Installation = z.object({ installation: z.object({ id: z.int() }) });
const AccountPayload = Installation.extend({
  action: z.enum(['created', 'suspend', 'unsuspend', 'deleted', 'new_permissions_accepted']),
  repositories: Listed.optional(),
});
const RepositoriesPayload = Installation.extend({
  action: z.enum(['added', 'removed']),
  repositories_added: Listed,
  repositories_removed: z.array(z.object({ id: z.int() })),
});

/** `installation`: the App may do nothing any more on an account, or may again. */
export function fromInstallation(delivery: Delivery): Conversion {
  if (!hasAction(delivery.payload, AccountPayload.shape.action.options)) return ignored('action');
  const parsed = AccountPayload.safeParse(delivery.payload);
  if (!parsed.success) return refused(parsed.error);
  const { action, installation, repositories } = parsed.data;
  const fields = { ...receivedFields(delivery), installationId: installation.id };
  switch (action) {
    case 'suspend':
      return lost(fields, { reason: 'installation:suspended', repositoryIds: null });
    case 'deleted':
      return lost(fields, { reason: 'installation:deleted', repositoryIds: null });
    default: {
      // Installed anew, the App has another installation: what it knew of before is named by the list alone.
      const named = repositories?.map((one) => toRef(one, installation.id)) ?? null;
      return returned(fields, action === 'created' ? named : null);
    }
  }
}

/** `installation_repositories`: the same for some of an account's repositories. */
export function fromInstallationRepositories(delivery: Delivery): Conversion {
  if (!hasAction(delivery.payload, ['added', 'removed'])) return ignored('action');
  const parsed = RepositoriesPayload.safeParse(delivery.payload);
  if (!parsed.success) return refused(parsed.error);
  const { action, installation, repositories_added, repositories_removed } = parsed.data;
  const fields = { ...receivedFields(delivery), installationId: installation.id };
  if (action === 'added') {
    return returned(
      fields,
      repositories_added.map((one) => toRef(one, installation.id)),
    );
  }
  const repositoryIds = repositories_removed.map(({ id }) => id);
  return lost(fields, { reason: 'repository:removed', repositoryIds });
}

type Fields = ReturnType<typeof receivedFields> & { readonly installationId: number };

function lost(
  fields: Fields,
  what: { readonly reason: LostAccess; readonly repositoryIds: number[] | null },
): Conversion {
  return toTrigger({ ...fields, type: 'access-lost', ...what });
}

function returned(fields: Fields, repositories: ReturnType<typeof toRef>[] | null): Conversion {
  const named = repositories?.slice(0, maxRepositories) ?? null;
  return toTrigger({ ...fields, type: 'access-returned', repositories: named });
}

function toRef(repository: z.output<typeof Listed>[number], installationId: number) {
  const [owner = '', name = ''] = repository.full_name.split('/');
  return { installationId, repositoryId: repository.id, owner, name };
}
