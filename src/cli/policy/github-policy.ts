import { readOwners } from '../../approval/code-owner-facts.ts';
import { readPerson } from '../../approval/read-person.ts';
import type { PullAtHand } from '../../dispatch/explain-pull.ts';
import {
  ownersPolicyFile,
  ownersRepository,
  repositoryPolicyFile,
} from '../../domain/policy-files.ts';
import type { RepositoryRef } from '../../domain/repository.ts';
import { SallyportError } from '../../errors.ts';
import { foldSources, type PolicySources, type SourceFolding } from '../../policy/fold-sources.ts';
import type { LayerSource } from '../../policy/parsing/read-layer.ts';
import type { PolicyPull } from '../../ports/policy-facts.ts';
import { systemClock } from '../../system-clock.ts';
import { readLayersAbove } from './layer-file.ts';
import type {
  PolicyGitHub,
  RepositoryOptions,
  RepositoryPlaces,
  RepositoryPolicy,
} from './repository-options.ts';

/** Is this `owner/name`, and neither a path nor a folder's name? */
export function isFullName(text: string): boolean {
  return /^[A-Za-z0-9-]{1,100}\/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/.test(text);
}

/**
 * The layers of a repository on GitHub: its own as of the default branch, or of the base branch of a pull
 * request, and the organisation's.
 * @throws SallyportError `github.…`, `config.invalid` without an App, `policy.invalid`
 */
export async function readGitHubPolicy(
  fullName: string,
  options: RepositoryOptions,
  places: RepositoryPlaces,
): Promise<RepositoryPolicy> {
  const github = places.github();
  const [owner = '', name = ''] = fullName.split('/');
  const found = await github.policyFacts.find(owner, name);
  if (found === undefined) {
    const message = `the App is not installed on ${fullName}, or there is no such repository`;
    throw new SallyportError('github.not-found', message);
  }
  const { repository, defaultBranch } = found;
  const { pr } = options;
  const pull = pr === undefined ? null : await github.policyFacts.pullRequest(repository, pr);
  const ref = options.ref ?? pull?.baseBranch ?? defaultBranch;
  const { above, note } = await layersAbove(github, owner, { options, places });
  const own = await layerAt(github, { repository, ref, path: repositoryPolicyFile });
  const sources: PolicySources =
    own === undefined ? above : [...above, { layer: 'repository', ...own }];
  const folding = foldSources(sources);
  return {
    subject: `${fullName} at ${ref}`,
    sources,
    folding,
    note,
    pull: pull && folding.ok ? await atHand(github, { repository, pull, folding }) : null,
    askPermission: (login) => github.permissions.of(repository, login),
  };
}

interface LayersAbove {
  readonly above: PolicySources;
  readonly note: string | null;
}

/** A file that is named on the command line stands for the organisation's. */
async function layersAbove(
  github: PolicyGitHub,
  owner: string,
  { options, places }: { readonly options: RepositoryOptions; readonly places: RepositoryPlaces },
): Promise<LayersAbove> {
  const above = readLayersAbove(places, options);
  if (options.organisation !== undefined) return { above, note: null };
  const found = await github.policyFacts.find(owner, ownersRepository);
  if (found === undefined) return { above, note: notSeen(`${owner}/${ownersRepository}`) };
  const { repository, defaultBranch: ref } = found;
  const own = await layerAt(github, { repository, ref, path: ownersPolicyFile });
  const read: PolicySources =
    own === undefined ? above : [...above, { layer: 'organisation', ...own }];
  return { above: read, note: null };
}

/** GitHub answers the same for a repository that is not there and for one that the App was not given. */
function notSeen(place: string): string {
  return `the App sees no ${place}: if there is one with a ${ownersPolicyFile}, give the App access to it. It counts as none here; where Sallyport has read it before, nothing runs without it.`;
}

async function layerAt(
  { policyFacts }: PolicyGitHub,
  place: { readonly repository: RepositoryRef; readonly ref: string; readonly path: string },
): Promise<Omit<LayerSource, 'layer'> | undefined> {
  const { repository, ref, path } = place;
  const read = await policyFacts.file(repository, ref, path);
  const file = `${repository.owner}/${repository.name}:${path}`;
  if (read === undefined) return undefined;
  if (read.kind === 'file') return { file, content: read.content };
  throw new SallyportError('policy.invalid', `${file}: ${read.reason}`);
}

/** The pull request with what GitHub knows of its author, as gate 1 would ask for it. */
async function atHand(
  github: PolicyGitHub,
  facts: {
    readonly repository: RepositoryRef;
    readonly pull: PolicyPull;
    readonly folding: Extract<SourceFolding, { ok: true }>;
  },
): Promise<PullAtHand> {
  const { repository, pull, folding } = facts;
  const { author: who, number, baseBranch: baseRef, paths } = pull;
  const tasks = Object.values(folding.folded.policy.tasks);
  // Three reads for nothing where no task asks for an owner's approval.
  const asksOwners = tasks.some(({ approvals }) => approvals.codeOwners);
  const author = await readPerson(github, {
    repository,
    who,
    pullRequest: { authorId: who.id, number, baseRef },
    whos: tasks.flatMap(({ run }) => run),
    ...(paths === null ? {} : { paths }),
  });
  return {
    pull,
    author,
    owners: asksOwners ? await readOwners(github, { repository, baseRef }, paths ?? []) : [],
    nowMs: systemClock.nowMs(),
  };
}
