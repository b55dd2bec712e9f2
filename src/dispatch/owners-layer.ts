import { ownersPolicyFile, ownersRepository } from '../domain/policy-files.ts';
import type { RepositoryRef } from '../domain/repository.ts';
import { type ErrorCode, hasCode } from '../errors.ts';
import type { PolicyFault } from '../policy/fault.ts';
import type { Clock } from '../ports/clock.ts';
import type { RepositoryFile } from '../ports/files.ts';
import type { GitHub } from '../ports/github.ts';
import type { Log } from '../ports/log.ts';
import type { CursorStore } from '../ports/store.ts';

/** What the layer of an organisation is read with. */
export interface OwnersLayerParts {
  readonly github: Pick<GitHub, 'files'>;
  /** Remembers since when an owner has a layer, over restarts and processes. */
  readonly cursors: CursorStore;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly log: Log;
}

/** The layer, or none, or why nobody can tell which: then nothing may run. */
export type OwnersLayer =
  | { readonly ok: true; readonly file: RepositoryFile | undefined }
  | { readonly ok: false; readonly faults: readonly PolicyFault[] };

/**
 * Reads the organisation's layer. GitHub tells an App nothing of a repository that it was not given, whether
 * or not there is one. Such a layer counts as none until it was read once; from then on it is a fault when
 * it cannot be, so that taking the App off `.github` takes no ceiling away.
 * @throws SallyportError `github.unavailable`, `store.unavailable`
 */
export async function readOwnersLayer(
  { github, cursors, clock, log }: OwnersLayerParts,
  repository: RepositoryRef,
): Promise<OwnersLayer> {
  const { owner } = repository;
  const name = cursorOf(owner);
  const sinceMs = await cursors.at(name);
  try {
    const file = await github.files.ofOwner(repository, ownersPolicyFile);
    const isKnown = sinceMs !== 0;
    if ((file !== undefined) !== isKnown) {
      await cursors.move(name, sinceMs, file === undefined ? 0 : clock.nowMs());
    }
    return { ok: true, file };
  } catch (error) {
    const isNotGiven = hasCode(error, 'github.not-found');
    if (!isNotGiven && !hasCode(error, 'github.forbidden')) throw error;
    log.info({ owner, code: error.code, sinceMs }, 'no layer of the organisation can be read');
    if (isNotGiven && sinceMs === 0) return { ok: true, file: undefined };
    return { ok: false, faults: [unreadable(owner, error.code)] };
  }
}

/** Was a layer of this owner read before, and not seen to be gone? */
export async function hasOwnersLayer(cursors: CursorStore, owner: string): Promise<boolean> {
  return (await cursors.at(cursorOf(owner))) !== 0;
}

function cursorOf(owner: string): string {
  return `organisation-layer:${owner.toLowerCase()}`;
}

function unreadable(owner: string, code: ErrorCode): PolicyFault {
  const place = `${owner}/${ownersRepository}`;
  const message =
    code === 'github.forbidden'
      ? `GitHub lets the App not read it; let the App read contents of ${place}`
      : `was read before and is out of the App’s reach now; give the App access to ${place}, and delete the file there if it is not to hold any more`;
  const at = { layer: 'organisation', line: 1, column: 1 } as const;
  return {
    code: 'text',
    path: '',
    message,
    at: { ...at, file: `${place}:${ownersPolicyFile}` },
  };
}
