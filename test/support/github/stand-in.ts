import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FaultRule, Faults } from './faults.ts';
import { GraphQlApi } from './graphql-api.ts';
import { People } from './people.ts';
import { RestApi } from './rest-api.ts';
import type { Violation } from './schema-set.ts';
import { listen, type RecordedRequest } from './server.ts';
import { contentLimitsOf, EVENTS, PERMISSIONS, type StandInOptions } from './stand-in-options.ts';
import { Webhooks } from './webhooks.ts';
import { type AppIdentity, World } from './world.ts';

/** Starts a GitHub for one App on a random loopback port. */
export async function startGitHubStandIn(options: StandInOptions = {}): Promise<GitHubStandIn> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'github-stand-in-')));
  const keys =
    options.appPublicKey === undefined
      ? makeKeys()
      : { publicKey: options.appPublicKey, privateKey: '' };
  const id = options.appId ?? 4242;
  const app: AppIdentity = {
    id,
    slug: options.slug ?? 'sallyport',
    clientId: `Iv23stand${id}`,
    publicKey: keys.publicKey,
    permissions: options.permissions ?? PERMISSIONS,
    events: options.events ?? EVENTS,
  };
  const world = new World({
    app,
    dataDir,
    nowMs: options.clock ?? Date.now,
    contentLimits: contentLimitsOf(options),
    ghes: options.ghes,
  });
  const standIn = new GitHubStandIn(world, { ...options, privateKey: keys.privateKey });
  await standIn.listen(options.port);
  return standIn;
}

function makeKeys(): { publicKey: string; privateKey: string } {
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
}

/** A running stand-in: its addresses, its records, and (inherited) what people do on it. */
export class GitHubStandIn extends People {
  /** Every deviation from GitHub's published API, in both directions. Tests assert that it is empty. */
  readonly violations: Violation[];
  /** Every request answered, oldest first. */
  readonly requests: RecordedRequest[] = [];
  /** The App's private key (PEM), or an empty string when the caller brought the public one. */
  readonly appPrivateKey: string;
  readonly webhookSecret: string;
  readonly #faults = new Faults();
  readonly #unprocessable: string[] = [];
  #expectedUnprocessable = 0;
  readonly #temporary: boolean;
  #server: Server | undefined;

  constructor(world: World, options: StandInOptions & { privateKey: string }) {
    const violations: Violation[] = [];
    const webhookSecret = options.webhookSecret ?? 'stand-in-webhook-secret';
    super(
      world,
      new Webhooks({ world, violations, secret: webhookSecret, url: options.webhookUrl }),
    );
    this.violations = violations;
    this.webhookSecret = webhookSecret;
    this.appPrivateKey = options.privateKey;
    this.#temporary = options.dataDir === undefined;
  }

  /** Called once by `startGitHubStandIn`. */
  async listen(port?: number): Promise<void> {
    const { world, webhooks, violations, requests } = this;
    const unprocessable = this.#unprocessable;
    const rest = new RestApi({ world, webhooks, violations, unprocessable });
    const graphql = new GraphQlApi(world, webhooks, violations);
    this.#server = await listen(
      { world, rest, graphql, faults: this.#faults, requests, violations },
      port,
    );
  }

  /** The base address of git and of the pages. */
  get url(): string {
    return this.world.url;
  }

  /** The base address of the REST API: the same, or below `/api/v3` on GHES. */
  get apiUrl(): string {
    return this.world.apiUrl;
  }

  /** The address of the GraphQL API. */
  get graphqlUrl(): string {
    return `${this.world.url}${this.world.ghes === undefined ? '' : '/api'}/graphql`;
  }

  /** Where webhooks go; may be set once the App listens. */
  set webhookUrl(url: string | undefined) {
    this.webhooks.url = url;
  }

  get webhookUrl(): string | undefined {
    return this.webhooks.url;
  }

  /** Makes the next matching request(s) fail, before or after they take effect. */
  fault(rule: FaultRule): void {
    this.#faults.add(rule);
  }

  /** Ordered faults that no request has met. */
  get unmetFaults(): number {
    return this.#faults.unmet;
  }

  /** Announces writes that shall be answered 422. Without, `close` fails for each one that was. */
  expectUnprocessable(count = 1): void {
    this.#expectedUnprocessable += count;
  }

  /**
   * Stops listening, waits for deliveries under way and removes a temporary data folder.
   * @throws Error for checks, comments and reviews that were answered 422, more or fewer than announced
   */
  async close(): Promise<void> {
    await this.#stop();
    const refused = this.#unprocessable;
    if (refused.length === this.#expectedUnprocessable) return;
    throw new Error(
      `${refused.length} writes were answered 422, ${this.#expectedUnprocessable} expected: ${refused.join(', ')}`,
    );
  }

  async #stop(): Promise<void> {
    await this.webhooks.settled();
    const server = this.#server;
    if (server) {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    }
    if (this.#temporary) await rm(this.world.dataDir, { recursive: true, force: true });
  }
}
