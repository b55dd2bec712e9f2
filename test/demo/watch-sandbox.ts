import Docker from 'dockerode';
import { z } from 'zod';
import { isStatus } from '../../scripts/setup/engine-images.ts';
import { ownerLabel } from '../../src/adapters/docker/container-labels.ts';

/** A container as the engine describes it: what it really has, not what it was meant to have. */
const Inspected = z.object({
  Config: z.object({ Env: z.array(z.string()) }),
  HostConfig: z.object({
    NetworkMode: z.string(),
    ReadonlyRootfs: z.boolean(),
    Runtime: z.string(),
    Memory: z.number(),
    PidsLimit: z.number().nullable(),
    Binds: z.array(z.string()).nullable(),
  }),
  Mounts: z.array(z.object({ Type: z.string() })),
});
export type Inspected = z.infer<typeof Inspected>;

/** The sandboxes of one runner. */
export class SandboxWatch {
  /** The first one that was seen. */
  seen: Inspected | undefined;
  readonly #docker: Docker;
  readonly #ownerId: string;

  constructor(socketPath: string, ownerId: string) {
    this.#docker = new Docker({ socketPath });
    this.#ownerId = ownerId;
  }

  /** Looks whether one runs now; does nothing once one has been seen. */
  async look(): Promise<void> {
    if (this.seen !== undefined) return;
    const [id] = await this.#ids();
    if (id === undefined) return;
    try {
      this.seen = Inspected.parse(await this.#docker.getContainer(id).inspect());
    } catch (error) {
      // It ended between the two questions: the next one will do.
      if (!isStatus(error, 404)) throw error;
    }
  }

  /** Removes what is left when the App was stopped in the middle of a run. */
  async removeAll(): Promise<void> {
    for (const id of await this.#ids()) {
      try {
        await this.#docker.getContainer(id).remove({ force: true });
      } catch (error) {
        // Gone, or going: both leave nothing to do.
        if (!isStatus(error, 404) && !isStatus(error, 409)) throw error;
      }
    }
  }

  async #ids(): Promise<string[]> {
    const filters = { label: [`${ownerLabel}=${this.#ownerId}`] };
    const found = await this.#docker.listContainers({ all: true, filters });
    return found.map(({ Id }) => Id);
  }
}
