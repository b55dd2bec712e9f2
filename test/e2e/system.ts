import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '../../src/adapters/sql/open-sqlite-store.ts';
import type { LedgerEntry } from '../../src/domain/ledger-entry.ts';
import { systemClock } from '../../src/system-clock.ts';
import { rowsOf } from '../contract/ledger-rows.ts';
import { type LedgerView, readLedger } from '../demo/read-result.ts';
import { sampleBase, sampleHead } from '../demo/sample-repository.ts';
import { appEnvironment } from '../support/app-environment.ts';
import { type AppProcess, startApp } from '../support/app-process.ts';
import { isPublished } from '../support/app-record.ts';
import { testEngine } from '../support/engine.ts';
import type { BranchSource } from '../support/github/branch-source.ts';
import type { CheckRun } from '../support/github/records.ts';
import { type GitHubStandIn, startGitHubStandIn } from '../support/github/stand-in.ts';
import type { StandInOptions } from '../support/github/stand-in-options.ts';
import { testGitHub } from '../support/test-github.ts';
import { waitFor } from '../support/wait-for.ts';

/** The sample repository of these tests. */
export const repo = 'acme/parcel-tracker';

/** A stand-in, an App in a process of its own, and what both keep in a temporary folder. */
export class System {
  readonly standIn: GitHubStandIn;
  readonly dataDir: string;
  readonly env: Record<string, string>;
  app: AppProcess;

  constructor(parts: {
    standIn: GitHubStandIn;
    dataDir: string;
    env: Record<string, string>;
    app: AppProcess;
  }) {
    this.standIn = parts.standIn;
    this.dataDir = parts.dataDir;
    this.env = parts.env;
    this.app = parts.app;
  }

  /** Starts the App again, as an operator would after a crash; webhooks follow it. */
  async restart(): Promise<void> {
    this.app = await startApp(this.env);
    this.standIn.webhookUrl = webhookUrl(this.app);
  }

  /** Opens the sample's pull request; returns its number and head. */
  async openSample(author = 'contributor'): Promise<{ number: number; headSha: string }> {
    const pull = await this.standIn.openPullRequest({
      repo,
      author,
      head: 'feature',
      title: 'Add estimates',
    });
    return { number: pull.number, headSha: pull.pull.headSha };
  }

  /** The check of that name on that commit, once it is completed and all that goes with it is posted. */
  async concluded(headSha: string, name = 'sallyport', timeoutMs?: number): Promise<CheckRun> {
    const look = async (): Promise<CheckRun | undefined> => {
      const run = this.checks(headSha, name).find((one) => one.status === 'completed');
      return run !== undefined && (await isPublished(this.appDir, run)) ? run : undefined;
    };
    try {
      return await waitFor(`check ${name}`, look, timeoutMs);
    } catch (cause) {
      throw new Error(`no conclusion; the App says:\n${this.app.lastLines.join('\n')}`, { cause });
    }
  }

  get appDir(): string {
    return this.env['SALLYPORT_DATA'] ?? '';
  }

  checks(headSha: string, name = 'sallyport'): CheckRun[] {
    return this.standIn.checkRuns(repo, headSha).filter((run) => run.name === name);
  }

  /** The ledger by the product's own command, verified against the head that `run` shows. */
  async ledger(run: CheckRun): Promise<LedgerView> {
    const head = /`(\d+:sha256:[0-9a-f]{64})`/.exec(run.output.summary ?? '')?.[1];
    return readLedger(this.env, head);
  }

  /** Every row of the ledger as it is in the database now: cheap enough to be asked for again and again. */
  async rows(): Promise<readonly LedgerEntry[]> {
    const file = join(this.appDir, 'sallyport.db');
    const store = await openSqliteStore({ file, clock: systemClock });
    try {
      return await rowsOf(store.ledger);
    } finally {
      await store.close();
    }
  }

  async stop(): Promise<void> {
    await this.app.stop();
    await this.standIn.close();
    await rm(this.dataDir, { recursive: true, force: true });
  }
}

/** What differs from the sample: the policy, the App's environment, what the two branches hold, or GitHub's version. */
export interface SystemOptions extends Pick<StandInOptions, 'ghes'> {
  readonly policy?: (text: string) => string;
  readonly env?:
    | Record<string, string>
    | ((standIn: GitHubStandIn) => Promise<Record<string, string>>);
  readonly base?: BranchSource;
  readonly head?: BranchSource;
}

/** Starts a system with the sample repository and three people: contributor and maintainer may write. */
export async function startSystem(options: SystemOptions = {}): Promise<System> {
  const { socketPath, workerImage } = testEngine();
  const dataDir = await mkdtemp(join(tmpdir(), 'sallyport-e2e-'));
  const standIn = await startGitHubStandIn({
    ...testGitHub(),
    ...(options.ghes === undefined ? {} : { ghes: options.ghes }),
    dataDir: join(dataDir, 'github'),
  });
  await arrange(standIn, options);
  const env: Record<string, string> = {
    ...appEnvironment(standIn, {
      dataDir: join(dataDir, 'app'),
      engineSocket: socketPath,
      workerImage,
    }),
    SALLYPORT_RUNNER_ID: `e2e-${dataDir.slice(-6)}`,
    ...(typeof options.env === 'function' ? await options.env(standIn) : options.env),
  };
  if (options.policy !== undefined) {
    const file = join(dataDir, 'policy.yml');
    await writeFile(file, options.policy(await readFile('policies/default.yml', 'utf8')));
    env['SALLYPORT_POLICY'] = file;
  }
  const app = await startApp(env);
  standIn.webhookUrl = webhookUrl(app);
  return new System({ standIn, dataDir, env, app });
}

async function arrange(
  standIn: GitHubStandIn,
  { base = sampleBase, head = sampleHead }: SystemOptions,
): Promise<void> {
  await standIn.createRepository({ owner: 'acme', name: 'parcel-tracker', seed: base });
  standIn.setPermission(repo, 'maintainer', 'maintain');
  standIn.setPermission(repo, 'contributor', 'write');
  standIn.addUser('stranger');
  await standIn.pushBranch(repo, 'feature', head, 'contributor');
  await standIn.installApp(repo);
}

function webhookUrl(app: AppProcess): string {
  return `${app.url}/api/github/webhooks`;
}
