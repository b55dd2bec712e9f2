import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { readLocalFile } from '../../adapters/git/local-file.ts';
import { resolveLocalRef } from '../../adapters/git/local-ref.ts';
import type { CommitSha } from '../../domain/ids.ts';
import { RepoPath } from '../../domain/repo-path.ts';
import { hasCode, SallyportError } from '../../errors.ts';
import { type LayerName, layerNames } from '../../policy/fault.ts';
import { foldSources, type PolicySources, type SourceFolding } from '../../policy/fold-sources.ts';
import type { LayerSource } from '../../policy/parsing/read-layer.ts';
import {
  type NamedLayers,
  type PolicyPlaces,
  readLayerFile,
  readLayersAbove,
} from './layer-file.ts';

/** Whose policy is asked for. */
export interface RepositoryOptions extends NamedLayers {
  /** A folder of this machine. */
  readonly repo: string | undefined;
  /** A file that stands for the repository's layer, committed or not. */
  readonly repository: string | undefined;
  /** Of `repo`; undefined: what its remote calls the default branch, else what is checked out. */
  readonly ref: string | undefined;
}

/** A repository's layers and what they come to. */
export interface RepositoryPolicy {
  readonly subject: string;
  readonly sources: PolicySources;
  readonly folding: SourceFolding;
}

/** The options that name a policy, for `parseArgs`. */
export const repositoryArguments = {
  repo: { type: 'string' },
  repository: { type: 'string' },
  ref: { type: 'string' },
  operator: { type: 'string' },
  organisation: { type: 'string' },
} as const;

/** The repository's layer of the default branch. */
const layerPath = RepoPath.parse('.github/sallyport.yml');

/**
 * Reads the layers that these options name.
 * @throws SallyportError `usage.invalid`, `git.no-repository`, `git.missing-commit`, and `policy.invalid` when a
 * layer above the repository's is at fault
 */
export async function readRepositoryPolicy(
  options: RepositoryOptions,
  places: PolicyPlaces,
): Promise<RepositoryPolicy> {
  const above = readLayersAbove(places, options);
  const { subject, source } = await ownLayer(options, places);
  const sources: PolicySources = source === undefined ? above : [...above, source];
  return { subject, sources, folding: foldSources(sources) };
}

/** The file of every layer, null where there is none. */
export function layerFiles(
  sources: readonly LayerSource[],
): readonly (readonly [LayerName, string | null])[] {
  return layerNames.map((name) => [
    name,
    sources.find(({ layer }) => layer === name)?.file ?? null,
  ]);
}

interface OwnLayer {
  readonly subject: string;
  readonly source: LayerSource | undefined;
}

async function ownLayer(
  { repo, repository, ref }: RepositoryOptions,
  places: PolicyPlaces,
): Promise<OwnLayer> {
  if (repository !== undefined) {
    if (repo !== undefined) {
      throw new SallyportError('usage.invalid', '--repo and --repository are one or the other');
    }
    const source = readLayerFile(places, repository, 'repository');
    return { subject: repository, source };
  }
  if (repo === undefined) return { subject: 'the operator', source: undefined };
  const path = resolve(places.workingDir, repo);
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    throw new SallyportError('usage.invalid', `--repo ${repo}: there is no such folder`);
  }
  return localLayer(path, ref);
}

/** From a commit and not from the folder: what nobody has committed is no policy. */
async function localLayer(path: string, ref: string | undefined): Promise<OwnLayer> {
  const [name, commit] = await commitOf(path, ref);
  const content = await readLocalFile(path, { commit, file: layerPath });
  const subject = `${path} at ${name}, ${commit}`;
  if (content === undefined) return { subject, source: undefined };
  return { subject, source: { layer: 'repository', file: layerPath, content } };
}

async function commitOf(
  path: string,
  ref: string | undefined,
): Promise<readonly [name: string, commit: CommitSha]> {
  if (ref !== undefined) return [ref, await resolveLocalRef(path, ref)];
  try {
    return ['origin/HEAD', await resolveLocalRef(path, 'refs/remotes/origin/HEAD')];
  } catch (error) {
    if (!hasCode(error, 'git.missing-commit')) throw error;
    return ['HEAD', await resolveLocalRef(path, 'HEAD')];
  }
}
