import type Docker from 'dockerode';
import type { ContainerInfo } from 'dockerode';
import type { ReapedSandbox, ReapReason } from '../../ports/sandbox.ts';
import { type LabelledContainer, ownerLabel, reaped } from './container-labels.ts';
import { removeContainer } from './docker-container.ts';
import { ask, engineFault, statusOf } from './engine-errors.ts';

/** A container of ours, with the one name that the engine gave it. */
export interface NamedContainer extends LabelledContainer {
  readonly name: string;
}

/** Every container with our label, or only those of one owner. @throws SallyportError `engine.*` */
export async function listContainers(
  docker: Docker,
  ownerId?: string,
): Promise<readonly NamedContainer[]> {
  const filters = { label: [ownerId === undefined ? ownerLabel : `${ownerLabel}=${ownerId}`] };
  const listed = await ask('list', () => docker.listContainers({ all: true, filters }));
  const found = await Promise.all(listed.map((one) => described(docker, one)));
  return found.filter((one) => one !== undefined);
}

/**
 * Removes each for which there is a reason. One that cannot be removed does not save the others: it is left to
 * the next sweep.
 * @throws SallyportError `engine.*` when there was something to remove and nothing could be
 */
export async function removeAll<Container extends LabelledContainer>(
  docker: Docker,
  containers: readonly Container[],
  reasonFor: (container: Container) => ReapReason | undefined,
): Promise<readonly ReapedSandbox[]> {
  const removed: ReapedSandbox[] = [];
  const faults: unknown[] = [];
  for (const container of containers) {
    const why = reasonFor(container);
    if (why === undefined) continue;
    try {
      await removeContainer(docker.getContainer(container.id));
      removed.push(reaped(container, why));
    } catch (error) {
      faults.push(error);
    }
  }
  if (removed.length === 0 && faults.length > 0) throw faults[0];
  return removed;
}

/** Undefined when it has gone since it was listed. */
async function described(
  docker: Docker,
  { Id, Names, Labels, State, Created }: ContainerInfo,
): Promise<NamedContainer | undefined> {
  const createdAtMs = Created * 1000;
  // The engine puts a slash in front of each name.
  const name = Names[0]?.slice(1) ?? '';
  const known = { id: Id, name, labels: Labels, createdAtMs };
  if (!['created', 'exited', 'dead'].includes(State)) return { ...known, idleSinceMs: null };
  try {
    const { FinishedAt } = (await docker.getContainer(Id).inspect()).State;
    // One that never started "finished" in the year 1.
    return { ...known, idleSinceMs: Math.max(createdAtMs, Date.parse(FinishedAt) || 0) };
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw engineFault('inspect', error);
  }
}
