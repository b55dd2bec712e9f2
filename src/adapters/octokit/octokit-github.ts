import { createPrivateKey } from 'node:crypto';
import { fullName, type RepositoryRef } from '../../domain/repository.ts';
import { SallyportError } from '../../errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { GitHub } from '../../ports/github.ts';
import type { SourceLocation } from '../../ports/source.ts';
import { type ApiSettings, createApiClient } from './api-client.ts';
import { AppIdentity } from './app-identity.ts';
import { OctokitCheckRuns } from './octokit-check-runs.ts';
import { OctokitCommits } from './octokit-commits.ts';
import { OctokitConversations } from './octokit-conversations.ts';
import { OctokitFiles } from './octokit-files.ts';
import { OctokitHookDeliveries } from './octokit-hook-deliveries.ts';
import { OctokitIssues } from './octokit-issues.ts';
import { OctokitPermissions } from './octokit-permissions.ts';
import { OctokitPolicyFacts } from './octokit-policy-facts.ts';
import { OctokitPullRequests } from './octokit-pull-requests.ts';
import { OctokitReach } from './octokit-reach.ts';
import { OctokitReviewThreads } from './octokit-review-threads.ts';
import { createRepositoryApi } from './repository-api.ts';
import { RepositoryTokens } from './repository-tokens.ts';
import { serverUrlOf } from './server-url.ts';
import { tokenPermissions } from './token-permissions.ts';

/** What the App needs to reach GitHub. */
export interface OctokitGitHubOptions extends ApiSettings {
  readonly appId: number;
  /** The App's private key, PEM. */
  readonly privateKey: string;
  /** Root for git; derived from `apiUrl` when null or absent. */
  readonly serverUrl?: string | null;
  /** Where the operator keeps what there is on a task, with `{task}` for its id; nowhere when null or absent. */
  readonly detailsUrl?: string | null;
  readonly clock: Pick<Clock, 'nowMs'>;
}

/**
 * GitHub over its REST and GraphQL APIs, as the App. Holds the App's key and, in memory, tokens.
 * @throws SallyportError `config.invalid` when the key is not a PEM private key
 */
export class OctokitGitHub implements GitHub {
  readonly checkRuns: OctokitCheckRuns;
  readonly pullRequests: OctokitPullRequests;
  readonly reviewThreads: OctokitReviewThreads;
  readonly issues: OctokitIssues;
  readonly conversations: OctokitConversations;
  readonly permissions: OctokitPermissions;
  readonly commits: OctokitCommits;
  readonly files: OctokitFiles;
  readonly policyFacts: OctokitPolicyFacts;
  readonly hookDeliveries: OctokitHookDeliveries;
  readonly reach: OctokitReach;
  readonly #tokens: RepositoryTokens;
  readonly #serverUrl: string;

  constructor(options: OctokitGitHubOptions) {
    const { appId } = options;
    const privateKey = toPkcs8(options.privateKey);
    const app = createApiClient(options, { appId, privateKey }, 'app');
    this.#tokens = new RepositoryTokens(app, options.clock);
    this.#serverUrl = (options.serverUrl ?? serverUrlOf(options.apiUrl)).replace(/\/+$/, '');
    const call = createRepositoryApi(options, this.#tokens);
    const identity = new AppIdentity(app, appId, call);
    this.checkRuns = new OctokitCheckRuns(call, options);
    this.pullRequests = new OctokitPullRequests(call, identity);
    this.reviewThreads = new OctokitReviewThreads(call, identity);
    this.issues = new OctokitIssues(call, identity);
    this.conversations = new OctokitConversations(call, identity);
    this.permissions = new OctokitPermissions(call);
    this.commits = new OctokitCommits(call);
    this.files = new OctokitFiles(app, call);
    this.policyFacts = new OctokitPolicyFacts(app, call);
    this.hookDeliveries = new OctokitHookDeliveries(app);
    this.reach = new OctokitReach(options, app);
  }

  sourceOf(repository: RepositoryRef): SourceLocation {
    return {
      // The id and not the name: a name can be given to another repository.
      mirrorKey: `r${repository.repositoryId}`,
      url: `${this.#serverUrl}/${fullName(repository)}.git`,
      token: () => this.#tokens.tokenFor(repository, tokenPermissions.readContents),
    };
  }
}

/**
 * GitHub hands out PKCS#1, and what signs takes PKCS#8 and converts it for every token. Done once, a
 * key that cannot be read stops the start, and not a task.
 */
function toPkcs8(privateKey: string): string {
  try {
    return createPrivateKey(privateKey).export({ type: 'pkcs8', format: 'pem' });
  } catch (cause) {
    throw new SallyportError('config.invalid', 'the private key is not a PEM key', { cause });
  }
}
