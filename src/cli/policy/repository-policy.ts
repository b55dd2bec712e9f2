import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { readLocalFile } from '../../adapters/git/local-file.ts';
import { resolveLocalRef } from '../../adapters/git/local-ref.ts';
import type { CommitSha } from '../../domain/ids.ts';
import { repositoryPolicyFile } from '../../domain/policy-files.ts';
import { hasCode, SallyportError } from '../../errors.ts';
import { type LayerName, layerNames } from '../../policy/fault.ts';
import { foldSources, type PolicySources } from '../../policy/fold-sources.ts';
import type { LayerSource } from '../../policy/parsing/read-layer.ts';
import { isFullName, readGitHubPolicy } from './github-policy.ts';
import { type PolicyPlaces, readLayerFile, readLayersAbove } from './layer-file.ts';
import type {
  RepositoryOptions,
  RepositoryPlaces,
  RepositoryPolicy,
} from './repository-options.ts';

/**
 * Reads the layers that these options name.
 * @throws SallyportError `usage.invalid`, `git.no-repository`, `git.missing-commit`, `policy.invalid` when a layer
 * above the repository's is at fault, and what `readGitHubPolicy` throws
 */
export async function readRepositoryPolicy(
  options: RepositoryOptions,
  places: RepositoryPlaces,
): Promise<RepositoryPolicy> {
  const { repo } = options;
  if (repo !== undefined && !isFolder(places, repo) && isFullName(repo)) {
    return readGitHubPolicy(repo, options, places);
  }
  if (options.pr !== undefined) {
    throw new SallyportError(
      'usage.invalid',
      '--pr is of a repository on GitHub: --repo OWNER/NAME',
    );
  }
  const above = readLayersAbove(places, options);
  const { subject, source } = await ownLayer(options, places);
  const sources: PolicySources = source === undefined ? above : [...above, source];
  const folding = foldSources(sources);
  return { subject, sources, folding, note: null, pull: null, askPermission: null };
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
  if (!isFolder(places, repo)) {
    throw new SallyportError('usage.invalid', `--repo ${repo}: there is no such folder`);
  }
  return localLayer(resolve(places.workingDir, repo), ref);
}

/** A folder is one, whatever else its name could mean. */
function isFolder({ workingDir }: PolicyPlaces, path: string): boolean {
  return statSync(resolve(workingDir, path), { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** From a commit and not from the folder: what nobody has committed is no policy. */
async function localLayer(path: string, ref: string | undefined): Promise<OwnLayer> {
  const [name, commit] = await commitOf(path, ref);
  const content = await readLocalFile(path, { commit, file: repositoryPolicyFile });
  const subject = `${path} at ${name}, ${commit}`;
  if (content === undefined) return { subject, source: undefined };
  return { subject, source: { layer: 'repository', file: repositoryPolicyFile, content } };
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
