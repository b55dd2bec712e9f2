import type { PolicyGitHub } from '../../../src/cli/policy/repository-options.ts';
import { CommitSha } from '../../../src/domain/ids.ts';
import type { Permission, RepositoryRef } from '../../../src/domain/repository.ts';
import { SallyportError } from '../../../src/errors.ts';
import type { Files } from '../../../src/ports/files.ts';
import type {
  FoundRepository,
  PolicyFacts,
  PolicyFile,
  PolicyPull,
} from '../../../src/ports/policy-facts.ts';

/** Repositories in memory: files by `owner/name@ref:path`, pull requests of any of them, permissions by login. */
export class FakePolicyFacts {
  readonly files = new Map<string, string | PolicyFile>();
  readonly pulls = new Map<number, PolicyPull>();
  readonly people = new Map<string, Permission>();
  /** Members by `organisation/slug`; a team that is not there cannot be read. */
  readonly teams = new Map<string, readonly string[]>();
  readonly #names: readonly string[];
  mergeBaseSha = CommitSha.parse('b'.repeat(40));

  /** The App is installed on these, whose default branch is `main`. */
  constructor(...names: readonly string[]) {
    this.#names = names;
  }

  readonly policyFacts: PolicyFacts = {
    find: async (owner, name): Promise<FoundRepository | undefined> => {
      const at = this.#names.indexOf(`${owner}/${name}`);
      if (at === -1) return undefined;
      const repository = { installationId: 1, repositoryId: at + 1, owner, name };
      return { repository, defaultBranch: 'main' };
    },
    file: async ({ owner, name }: RepositoryRef, ref, path) => {
      const file = this.files.get(`${owner}/${name}@${ref}:${path}`);
      return typeof file === 'string' ? { kind: 'file', content: Buffer.from(file) } : file;
    },
    pullRequest: async (_repository, number) => {
      const pull = this.pulls.get(number);
      if (pull === undefined) throw new SallyportError('github.not-found', 'no such pull request');
      return pull;
    },
    mergeBase: async () => this.mergeBaseSha,
  };

  readonly permissions = {
    of: async (_repository: RepositoryRef, login: string): Promise<Permission> =>
      this.people.get(login) ?? 'none',
    isInTeam: async (_repository: RepositoryRef, team: string, login: string) =>
      this.teams.get(team)?.includes(login) ?? null,
  };

  /** The same files, as the App's other reads have them. */
  readonly branchFiles: Pick<Files, 'onBranch'> = {
    onBranch: async ({ owner, name }, branch, path) => {
      const file = this.files.get(`${owner}/${name}@${branch}:${path}`);
      if (file === undefined) return undefined;
      const blobSha = 'c'.repeat(40);
      if (typeof file === 'string') return { blobSha, content: Buffer.from(file) };
      return { blobSha, content: file.kind === 'file' ? file.content : null };
    },
  };

  /** As what the policy commands ask. */
  asGitHub(): PolicyGitHub {
    const changedPaths = async (_repository: RepositoryRef, number: number) =>
      this.pulls.get(number)?.paths ?? null;
    return {
      policyFacts: this.policyFacts,
      permissions: this.permissions,
      files: this.branchFiles,
      pullRequests: { changedPaths },
    };
  }
}
