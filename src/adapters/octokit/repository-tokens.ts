import { z } from 'zod';
import type { RepositoryRef } from '../../domain/repository.ts';
import { hasCode, SallyportError } from '../../errors.ts';
import type { Clock } from '../../ports/clock.ts';
import { readAnswer } from './answer.ts';
import type { ApiClient } from './api-client.ts';
import { translateApiError } from './api-error.ts';
import type { TokenPermissions } from './token-permissions.ts';

/** GitHub's tokens live an hour; one that is handed out here lives at least this long. */
const spareMs = 5 * 60_000;

const Minted = z.object({
  token: z.string().min(1),
  expires_at: z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
  repositories: z.array(z.object({ id: z.int(), name: z.string().optional() })).optional(),
});

/** Which repository a token is for. Without an id, the one of that name that the installation has. */
export type TokenTarget = Omit<RepositoryRef, 'repositoryId'> & {
  readonly repositoryId: number | null;
};

interface Entry {
  readonly minted: Promise<z.output<typeof Minted>>;
  expiresAtMs: number;
}

/**
 * Installation tokens for one repository and one use each, kept in memory until five minutes before
 * they expire. A token for one repository is never given out for another.
 * @throws SallyportError `github.forbidden` when the installation lacks the permission or is gone
 */
export class RepositoryTokens {
  readonly #app: ApiClient;
  readonly #clock: Pick<Clock, 'nowMs'>;
  readonly #entries = new Map<string, Entry>();

  /** `app` authenticates as the App itself. */
  constructor(app: ApiClient, clock: Pick<Clock, 'nowMs'>) {
    this.#app = app;
    this.#clock = clock;
  }

  /** A token that can do `permissions` in `repository` and nothing else. */
  async tokenFor(repository: TokenTarget, permissions: TokenPermissions): Promise<string> {
    this.#dropExpired();
    const key = keyOf(repository, permissions);
    const entry = this.#entries.get(key) ?? this.#mint(key, repository, permissions);
    return (await entry.minted).token;
  }

  /** Forgets a token that GitHub no longer accepts, so that the next call mints a new one. */
  forget(repository: TokenTarget, permissions: TokenPermissions): void {
    this.#entries.delete(keyOf(repository, permissions));
  }

  #mint(key: string, repository: TokenTarget, permissions: TokenPermissions): Entry {
    const minted = this.#request(repository, permissions);
    const entry: Entry = { minted, expiresAtMs: Number.POSITIVE_INFINITY };
    this.#entries.set(key, entry);
    void this.#settle(key, entry);
    return entry;
  }

  async #settle(key: string, entry: Entry): Promise<void> {
    try {
      entry.expiresAtMs = (await entry.minted).expires_at;
    } catch {
      // Whoever asked gets the rejection; here it only must not be kept.
      if (this.#entries.get(key) === entry) this.#entries.delete(key);
    }
  }

  async #request(
    repository: TokenTarget,
    permissions: TokenPermissions,
  ): Promise<z.output<typeof Minted>> {
    try {
      const answer = await this.#app.request(
        'POST /app/installations/{installation_id}/access_tokens',
        {
          installation_id: repository.installationId,
          ...narrowedTo(repository),
          permissions,
        },
      );
      const minted = readAnswer(Minted, answer);
      assertOnly(repository, minted.repositories);
      return minted;
    } catch (error) {
      throw asPermissionFault(translateApiError(error));
    }
  }

  #dropExpired(): void {
    const stillGoodMs = this.#clock.nowMs() + spareMs;
    for (const [key, entry] of this.#entries) {
      if (entry.expiresAtMs <= stillGoodMs) this.#entries.delete(key);
    }
  }
}

/** Stops a job for one repository from holding a token for another (a confused installation). */
function assertOnly(
  { repositoryId, name }: TokenTarget,
  granted: z.output<typeof Minted>['repositories'],
): void {
  const isIt = (one: { readonly id: number; readonly name?: string | undefined }): boolean =>
    repositoryId === null ? isSameName(one.name ?? '', name) : one.id === repositoryId;
  if (granted === undefined || granted.every(isIt)) return;
  throw new SallyportError('github.forbidden', 'GitHub minted a token for another repository');
}

/** 422 here means that the installation was not granted what is asked for: the operator's to mend. */
function asPermissionFault(error: unknown): unknown {
  if (!hasCode(error, 'github.rejected')) return error;
  return new SallyportError('github.forbidden', 'GitHub: the installation lacks a permission', {
    cause: error,
  });
}

function narrowedTo({ repositoryId, name }: TokenTarget) {
  return repositoryId === null ? { repositories: [name] } : { repository_ids: [repositoryId] };
}

function isSameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function keyOf(repository: TokenTarget, permissions: TokenPermissions): string {
  const wanted = Object.entries(permissions).sort(([a], [b]) => (a < b ? -1 : 1));
  const { installationId, repositoryId, name } = repository;
  return JSON.stringify([installationId, repositoryId ?? name, wanted]);
}
