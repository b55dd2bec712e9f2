import { pathToFileURL } from 'node:url';
import type { RepoPath } from '../../../../src/domain/repo-path.ts';
import { repoPathOfUri } from '../repo-place.ts';
import type { ArtifactLocation, Run } from './sarif-log.ts';

/** Longest chain of base URIs that is followed: they can be a circle. */
const maxBases = 8;

/** The places of a run's files in the repository (SARIF 3.4, 3.14.14). */
export class SarifFiles {
  readonly #run: Run;
  readonly #workspace: string;
  readonly #root: URL;

  constructor(run: Run, workspace: string) {
    this.#run = run;
    this.#workspace = workspace;
    this.#root = pathToFileURL(`${workspace}/`);
  }

  /** Undefined for what is outside the repository, or named nowhere. */
  pathOf({ uri, uriBaseId, index }: ArtifactLocation): RepoPath | undefined {
    // -1 is the standard's word for absent, and no index of an array here.
    const artifact = this.#run.artifacts?.[index ?? -1]?.location;
    const [name, base] = uri ? [uri, uriBaseId] : [artifact?.uri, artifact?.uriBaseId];
    if (!name) return undefined;
    return repoPathOfUri(name, this.#baseOf(base, maxBases), this.#workspace);
  }

  #baseOf(id: string | null | undefined, left: number): URL {
    const bases = this.#run.originalUriBaseIds ?? {};
    const entry = id && Object.hasOwn(bases, id) && left > 0 ? bases[id] : undefined;
    if (!entry?.uri) return this.#root;
    const parent = this.#baseOf(entry.uriBaseId, left - 1);
    const folder = entry.uri.endsWith('/') ? entry.uri : `${entry.uri}/`;
    const base = URL.canParse(folder, parent) ? new URL(folder, parent) : this.#root;
    // By convention the root of the repository, wherever the tool had it.
    const isRoot = id === '%SRCROOT%' || id === 'SRCROOT';
    return isRoot && !base.href.startsWith(this.#root.href) ? this.#root : base;
  }
}
