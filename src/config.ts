import { homedir, hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { type AppCredentials, appOf } from './config/app-credentials.ts';
import { CommandLine, credentialsIn } from './config/credential-variables.ts';
import { AgentImages } from './domain/agent-images.ts';
import { SallyportError } from './errors.ts';

const port = z.coerce.number().int().min(0).max(65_535);

/** Secrets that everybody knows: Probot's own default, and what tutorials use. */
const knownSecrets = ['development', 'secret', 'changeme', 'your-webhook-secret'];

const Environment = z.object({
  APP_ID: z.coerce.number().int().positive().optional(),
  PRIVATE_KEY: z.string().min(1).optional(),
  PRIVATE_KEY_PATH: z.string().min(1).optional(),
  WEBHOOK_SECRET: z
    .string()
    .min(16, 'must have 16 characters or more: make one with `openssl rand -hex 32`')
    .refine(
      (secret) => !knownSecrets.some((known) => secret.startsWith(known)),
      'is a known default',
    )
    .optional(),
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: port.default(3000),
  GITHUB_API_URL: z.url({ protocol: /^https?$/ }).default('https://api.github.com'),
  GITHUB_SERVER_URL: z.url({ protocol: /^https?$/ }).optional(),
  GITHUB_CA_FILE: z.string().min(1).optional(),
  SALLYPORT_DETAILS_URL: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .refine((url) => url.includes('{task}'), 'must have {task} where the id of a task goes')
    .refine((url) => !/^https?:\/\/[^/]*@/.test(url), 'must hold no credentials')
    .optional(),
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
  DOCKER_HOST: z.string().startsWith('unix://', 'must be a unix:// socket').optional(),
  SALLYPORT_DATA: z.string().min(1).optional(),
  SALLYPORT_POLICY: z.string().min(1).optional(),
  SALLYPORT_CREDENTIALS_FILE: z.string().min(1).optional(),
  SALLYPORT_CREDENTIALS_COMMAND: CommandLine.optional(),
  SALLYPORT_PRICES: z.string().min(1).optional(),
  SALLYPORT_AGENT_IMAGES: AgentImages.optional(),
  SALLYPORT_WORKER_IMAGE: z.string().min(1).default('sallyport-worker:latest'),
  SALLYPORT_RUNNER_ID: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,64}$/)
    .optional(),
  SALLYPORT_CONCURRENCY: z.coerce.number().int().min(1).max(64).default(2),
  SALLYPORT_WARM_SANDBOXES: z.coerce.number().int().min(0).max(64).default(0),
  SALLYPORT_WARM_MAX_AGE_S: z.coerce.number().int().min(10).max(86_400).default(600),
  INIT_CWD: z.string().min(1).optional(),
  npm_package_json: z.string().min(1).optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});

/** Everything that the environment decides, checked once. */
export interface Config {
  /** Null where no App is configured, as in local mode; `requireApp` says what is missing. */
  readonly app: AppCredentials | null;
  readonly http: { readonly host: string; readonly port: number };
  /** `serverUrl` null: the one that belongs to `apiUrl`. `caFile`: PEM of its authorities; null: the well-known ones. */
  readonly github: {
    readonly apiUrl: string;
    readonly serverUrl: string | null;
    readonly caFile: string | null;
    /** Where an operator keeps what there is on a task; `{task}` stands for its id. Null: nowhere. */
    readonly detailsUrl: string | null;
  };
  /** Null: the embedded Redis in the data folder. */
  readonly redisUrl: string | null;
  readonly dockerSocket: string;
  /** Where the operator stands: paths that are given are meant from here. */
  readonly workingDir: string;
  readonly dataDir: string;
  readonly policyFile: string;
  /** Secrets that the broker adds to requests, by name. Of the other two sources only where they are is kept here. */
  readonly credentials: ReadonlyMap<string, string>;
  readonly credentialsFile: string | null;
  /** A program and its arguments. */
  readonly credentialsCommand: readonly string[] | null;
  /** What models cost; null: as it ships. */
  readonly pricesFile: string | null;
  readonly workerImage: string;
  /** Images of agents other than by their tag. */
  readonly agentImages: ReadonlyMap<string, string>;
  readonly runnerId: string;
  readonly concurrency: number;
  /** Sandboxes that wait for a task, of one runtime class, and how long one may. */
  readonly warm: { readonly sandboxes: number; readonly maxAgeMs: number };
  readonly logLevel: z.infer<typeof Environment>['LOG_LEVEL'];
}

/** The policy that ships with Sallyport. */
const defaultPolicyFile = resolve(import.meta.dirname, '../policies/default.yml');

/**
 * Reads the environment; the only place that does.
 * @throws SallyportError `config.invalid`, naming every variable at fault but never its value
 */
export function readConfig(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Config {
  const parsed = Environment.safeParse(withoutEmpty(env));
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new SallyportError('config.invalid', faults.join('\n'));
  }
  const values = parsed.data;
  const workingDir = workingDirOf(values);
  return Object.freeze({
    app: appOf(values),
    http: { host: values.HOST, port: values.PORT },
    github: {
      apiUrl: trimSlash(values.GITHUB_API_URL),
      serverUrl:
        values.GITHUB_SERVER_URL === undefined ? null : trimSlash(values.GITHUB_SERVER_URL),
      caFile: fileFrom(workingDir, values.GITHUB_CA_FILE),
      detailsUrl: values.SALLYPORT_DETAILS_URL ?? null,
    },
    redisUrl: values.REDIS_URL ?? null,
    dockerSocket: values.DOCKER_HOST?.slice('unix://'.length) ?? '/var/run/docker.sock',
    workingDir,
    dataDir: resolve(
      workingDir,
      values.SALLYPORT_DATA ?? join(homedir(), '.local/share/sallyport'),
    ),
    policyFile: resolve(workingDir, values.SALLYPORT_POLICY ?? defaultPolicyFile),
    credentials: credentialsIn(withoutEmpty(env)),
    credentialsFile: fileFrom(workingDir, values.SALLYPORT_CREDENTIALS_FILE),
    credentialsCommand: values.SALLYPORT_CREDENTIALS_COMMAND ?? null,
    pricesFile: fileFrom(workingDir, values.SALLYPORT_PRICES),
    workerImage: values.SALLYPORT_WORKER_IMAGE,
    agentImages: values.SALLYPORT_AGENT_IMAGES ?? new Map(),
    runnerId:
      values.SALLYPORT_RUNNER_ID ??
      hostname()
        .replace(/[^A-Za-z0-9._-]/g, '-')
        .slice(0, 64),
    concurrency: values.SALLYPORT_CONCURRENCY,
    warm: {
      sandboxes: values.SALLYPORT_WARM_SANDBOXES,
      maxAgeMs: values.SALLYPORT_WARM_MAX_AGE_S * 1_000,
    },
    logLevel: values.LOG_LEVEL,
  });
}

/**
 * Puts a variable into this process's own environment, where an adapter that passes it on would give it
 * away: the bait of `sallyport doctor --attack`. Returns how to take it out again.
 */
export function plantInEnvironment(name: string, value: string): () => void {
  process.env[name] = value;
  return () => {
    delete process.env[name];
  };
}

/** The App's credentials, or what to set. @throws SallyportError `config.invalid` */
export function requireApp(config: Config): AppCredentials {
  if (config.app !== null) return config.app;
  throw new SallyportError(
    'config.invalid',
    'APP_ID, WEBHOOK_SECRET and PRIVATE_KEY (or PRIVATE_KEY_PATH) must be set: there are no defaults',
  );
}

/** npm runs our scripts in our own folder and says in INIT_CWD where it was called; another package's do not. */
function workingDirOf({ INIT_CWD, npm_package_json }: z.infer<typeof Environment>): string {
  const isOurScript = npm_package_json === resolve(import.meta.dirname, '../package.json');
  return isOurScript && INIT_CWD !== undefined ? resolve(INIT_CWD) : process.cwd();
}

function fileFrom(workingDir: string, path: string | undefined): string | null {
  return path === undefined ? null : resolve(workingDir, path);
}

/** A variable that is set but empty counts as not set, as in most shells' habits. */
function withoutEmpty(env: Readonly<Record<string, string | undefined>>) {
  return Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  );
}

function trimSlash(url: string): string {
  return url.replace(/\/+$/, '');
}
