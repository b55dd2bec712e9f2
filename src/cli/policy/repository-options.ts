import type { PersonPorts } from '../../approval/read-person.ts';
import type { PullAtHand } from '../../dispatch/explain-pull.ts';
import type { Permission } from '../../domain/repository.ts';
import type { PolicySources, SourceFolding } from '../../policy/fold-sources.ts';
import type { PolicyFacts } from '../../ports/policy-facts.ts';
import type { NamedLayers, PolicyPlaces } from './layer-file.ts';

/** What is asked of GitHub. */
export interface PolicyGitHub extends PersonPorts {
  readonly policyFacts: PolicyFacts;
}

/** Whose policy is asked for. */
export interface RepositoryOptions extends NamedLayers {
  /** A folder of this machine, or a repository on GitHub as `owner/name`. */
  readonly repo: string | undefined;
  /** A file that stands for the repository's layer, committed or not. */
  readonly repository: string | undefined;
  /** Of `repo`; undefined: what its remote calls the default branch, else what is checked out. */
  readonly ref: string | undefined;
  /** A pull request of a repository on GitHub. */
  readonly pr?: number | undefined;
}

/** Where the command works, and the way to GitHub for who names a repository there. */
export interface RepositoryPlaces extends PolicyPlaces {
  /** @throws SallyportError `config.invalid` when no App is configured */
  readonly github: () => PolicyGitHub;
}

/** A repository's layers and what they come to. */
export interface RepositoryPolicy {
  readonly subject: string;
  readonly sources: PolicySources;
  readonly folding: SourceFolding;
  /** What people should know of the layers that were not read; null: nothing. */
  readonly note: string | null;
  /** Null when none was asked for. */
  readonly pull: PullAtHand | null;
  /** Null where nobody can be asked. */
  readonly askPermission: ((login: string) => Promise<Permission>) | null;
}

/** The options that name a policy, for `parseArgs`. */
export const repositoryArguments = {
  repo: { type: 'string' },
  repository: { type: 'string' },
  ref: { type: 'string' },
  operator: { type: 'string' },
  organisation: { type: 'string' },
} as const;
