import { Octokit } from '@octokit/rest';
import { ProbotOctokit } from 'probot';
import { expect } from 'vitest';
import { type GitHubStandIn, startGitHubStandIn } from '../support/github/stand-in.ts';
import type { StandInOptions } from '../support/github/stand-in-options.ts';

/** The repository of every stand-in test, as Octokit takes it. */
export const REPO = { owner: 'acme', repo: 'widget' } as const;
/** The same as `owner/name`. */
export const NAME = 'acme/widget';

const LINE_COUNT = 60;
const silent = (): undefined => undefined;
const SILENT = { debug: silent, info: silent, warn: silent, error: silent };

/** A file of 60 numbered lines, some of them replaced. */
export function numberedText(changes: Readonly<Record<number, string>> = {}): string {
  const lines = Array.from({ length: LINE_COUNT }, (_, i) => changes[i + 1] ?? `line ${i + 1}`);
  return `${lines.join('\n')}\n`;
}

/** A pull request of `mona` that replaces line 10 and turns line 41 into two lines. */
export interface Scene {
  readonly number: number;
  readonly headSha: string;
  readonly octokit: ProbotOctokit;
  readonly installationId: number;
}

/** A stand-in with a clock that tests move, and clients for it. */
export class Stage {
  readonly gitHub: GitHubStandIn;
  readonly clock: { nowMs: number };

  private constructor(gitHub: GitHubStandIn, clock: { nowMs: number }) {
    this.gitHub = gitHub;
    this.clock = clock;
  }

  /** Starts a stand-in whose clock stands still until a test moves it. */
  static async start(options: StandInOptions = {}): Promise<Stage> {
    const clock = { nowMs: Date.now() };
    return new Stage(await startGitHubStandIn({ clock: () => clock.nowMs, ...options }), clock);
  }

  /** A private repository with the App on it and one open pull request. */
  async openPull(isPrivate = true): Promise<Scene> {
    const { gitHub } = this;
    gitHub.addUser(REPO.owner, { type: 'Organization' });
    const seed = { files: { 'README.md': '# widget\n', 'src/a.js': numberedText() } };
    await gitHub.createRepository({ owner: REPO.owner, name: REPO.repo, isPrivate, seed });
    const { id } = await gitHub.installApp(NAME);
    const files = { 'src/a.js': numberedText({ 10: 'changed', 41: 'x\ny' }) };
    await gitHub.pushBranch(NAME, 'feature', { files }, 'mona');
    const wish = { repo: NAME, author: 'mona', head: 'feature', title: 'Change two places' };
    const { number, pull } = await gitHub.openPullRequest(wish);
    return { number, headSha: pull.headSha, octokit: this.asInstallation(id), installationId: id };
  }

  /** A client with a token of the installation. */
  asInstallation(installationId: number): ProbotOctokit {
    return this.#client({ ...this.#key, installationId });
  }

  /** A client with the App's JWT. */
  asApp(): ProbotOctokit {
    return this.#client(this.#key);
  }

  /** A write that GitHub answers with 422, on purpose of the test. */
  async expectUnprocessable(write: Promise<unknown>): Promise<void> {
    await expect(write).rejects.toMatchObject({ status: 422 });
    this.gitHub.expectUnprocessable();
  }

  /** A plain client that sends exactly this credential. */
  withToken(token: string): Octokit {
    return new Octokit({ baseUrl: this.gitHub.apiUrl, auth: token, log: SILENT });
  }

  get #key(): { appId: number; privateKey: string } {
    return { appId: this.gitHub.world.app.id, privateKey: this.gitHub.appPrivateKey };
  }

  /** Pacing and retries are off: they would hide what the stand-in answers. */
  #client(auth: Record<string, unknown>): ProbotOctokit {
    return new ProbotOctokit({
      baseUrl: this.gitHub.apiUrl,
      auth,
      throttle: { enabled: false },
      retry: { enabled: false },
      log: SILENT,
    });
  }
}
