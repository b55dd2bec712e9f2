import { z } from 'zod';
import {
  type Conversion,
  type Delivery,
  hasAction,
  ignored,
  RepositoryEnvelope,
  receivedFields,
  refused,
  repositoryFields,
  toTrigger,
} from './delivery.ts';

const Action = z.enum(['renamed', 'transferred', 'deleted']);
const Payload = RepositoryEnvelope.extend({ action: Action });

/** `repository`: what changes where a repository is, or that it is. */
export function fromRepository(delivery: Delivery): Conversion {
  if (!hasAction(delivery.payload, Action.options)) return ignored('action');
  const parsed = Payload.safeParse(delivery.payload);
  if (!parsed.success) return refused(parsed.error);
  const { action, installation, repository } = parsed.data;
  if (action !== 'deleted') {
    return toTrigger({ ...repositoryFields(delivery, parsed.data), type: 'repository-moved' });
  }
  return toTrigger({
    ...receivedFields(delivery),
    type: 'access-lost',
    reason: 'repository:deleted',
    installationId: installation.id,
    repositoryIds: [repository.id],
  });
}
