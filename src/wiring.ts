import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { readCaFile } from './adapters/net/ca-file.ts';
import { OctokitGitHub } from './adapters/octokit/octokit-github.ts';
import { fetchTrusting } from './adapters/octokit/trusting-fetch.ts';
import { openSqliteStore, type SqlStore } from './adapters/sql/open-sqlite-store.ts';
import { type Config, requireApp } from './config.ts';
import type { Context } from './dispatch/context.ts';
import { guardGitHub } from './dispatch/guarded-github.ts';
import { LayeredPolicies } from './dispatch/layered-policies.ts';
import { paceGitHub } from './dispatch/paced-github.ts';
import type { PolicyCheckDeps } from './dispatch/show-policy-checks.ts';
import { Turns } from './dispatch/turns.ts';
import { SallyportError } from './errors.ts';
import { openQueues, redisAddress } from './open-queues.ts';
import { type EngineRunner, openRunner, secretsIn } from './open-runner.ts';
import { type OperatorLayer, parseOperatorLayer } from './policy/operator-layer.ts';
import type { Clock } from './ports/clock.ts';
import type { GitHub } from './ports/github.ts';
import type { Log } from './ports/log.ts';
import { systemClock } from './system-clock.ts';

/** Everything that a role works with, and how to let go of it. */
export interface System {
  readonly context: Context;
  readonly runner: EngineRunner;
  readonly policyCheck: PolicyCheckDeps;
  close(): Promise<void>;
}

/** The process's log. Secrets have no field in any message; `redact` is a second line. */
export function openLog(config: Config): Log {
  return pino({
    level: config.logLevel,
    redact: {
      paths: [
        '*.token',
        '*.privateKey',
        '*.webhookSecret',
        '*.authorization',
        '*["x-api-key"]',
        '*.secret',
        '*.modelKey',
        '*.credentials',
      ],
      censor: '[redacted]',
    },
  });
}

/** Reads the operator's layer of the policy. @throws SallyportError `policy.invalid` */
export function loadPolicy(file: string): OperatorLayer {
  try {
    return parseOperatorLayer(readFileSync(file), file);
  } catch (cause) {
    if (cause instanceof SallyportError) throw cause;
    throw new SallyportError('policy.invalid', `${file}: cannot be read`, { cause });
  }
}

/** The record and its ledger, in the data folder. */
export async function openStore(config: Config, clock: Clock): Promise<SqlStore> {
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
  return openSqliteStore({ file: storeFile(config), clock });
}

/** Is there a record already? `openStore` makes one where there is none. */
export function hasStore(config: Config): boolean {
  return existsSync(storeFile(config));
}

function storeFile(config: Config): string {
  return join(config.dataDir, 'sallyport.db');
}

/** Connects everything for `serve`, `runner` and `start`. What was opened is closed again on failure. */
export async function openSystem(config: Config, log: Log): Promise<System> {
  // What the configuration is wrong about is said before anything is opened.
  const octokit = openGitHub(config, log);
  const operator = loadPolicy(config.policyFile);
  const closers: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const store = await openStore(config, systemClock);
    closers.push(() => store.close());
    const queues = openQueues(await redisAddress(config, log, closers), log);
    closers.push(async () => {
      await Promise.all([queues.deliveries.close(), queues.tasks.close(), queues.publish.close()]);
    });
    const runner = openRunner(config);
    const { ledger, contentPace: pace } = store;
    // The guard outside: what it withholds and tells needs no room.
    const paced = paceGitHub(octokit, { pace, clock: systemClock, log });
    const github = guardGitHub(paced, {
      ledger,
      log,
      own: secretsIn(config),
      credentials: runner.egress.credentials,
    });
    const turns = new Turns({ leases: store.leases, clock: systemClock });
    const { artifacts, cursors } = store;
    const parts = { operator, github, artifacts, cursors, clock: systemClock, log };
    const policies = new LayeredPolicies(parts);
    const context = { github, store, ledger, queues, clock: systemClock, policies, log, turns };
    const policyCheck = { ledger, cursors, ...openPolicyCheck(config, octokit, github) };
    return { context, runner, policyCheck, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The operator's layer as it is read now: what holds until the next start. */
function openPolicyCheck(
  { policyFile }: Config,
  { policyFacts: facts }: OctokitGitHub,
  { checkRuns, pullRequests }: GitHub,
) {
  const content = readFileSync(policyFile);
  const operator = { layer: 'operator', file: policyFile, content } as const;
  return { facts, checkRuns, pullRequests, operator };
}

/** How GitHub is asked: with trust in its own authorities, if it has any. @throws SallyportError `config.invalid` */
export function openFetch({ github: { caFile } }: Config): typeof fetch {
  return caFile === null ? fetch : fetchTrusting(readCaFile(caFile));
}

/** GitHub as the App. @throws SallyportError `config.invalid` when no App is configured */
export function openGitHub(config: Config, log: Log): OctokitGitHub {
  const { appId, privateKey } = requireApp(config);
  const settings = { ...config.github, fetch: openFetch(config), clock: systemClock, log };
  return new OctokitGitHub({ ...settings, appId, privateKey });
}
