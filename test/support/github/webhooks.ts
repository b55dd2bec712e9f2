import { createHmac, randomUUID } from 'node:crypto';
import { enterpriseHeaders } from './enterprise.ts';
import type { JsonObject } from './json.ts';
import { perVersion } from './per-version.ts';
import type { Delivery, Repository } from './records.ts';
import type { Violation } from './schema-set.ts';
import { viewSimpleInstallation } from './views/account.ts';
import { viewRepository } from './views/repository.ts';
import { loadPayloadCheck } from './webhook-schema.ts';
import type { World } from './world.ts';

/** GitHub waits ten seconds for an answer (best practices for using webhooks). */
const ANSWER_TIMEOUT_MS = 10_000;

/** An event about one repository, or (without `repo`) about an installation. */
export interface WebhookEvent {
  readonly event: string;
  readonly action?: string;
  readonly repo?: Repository;
  readonly payload: JsonObject;
}

/** Shared by all stand-ins of a process: it never changes, and compiling its schemas takes long. */
const payloadCheckOf = perVersion(loadPayloadCheck);

/** Signs, delivers and records webhooks; validates every payload against GitHub's published schemas. */
export class Webhooks {
  readonly #world: World;
  readonly #violations: Violation[];
  readonly #underway = new Set<Promise<unknown>>();
  readonly #secret: string;
  /** Where deliveries go; while undefined they are only recorded, with status 0. */
  url: string | undefined;

  constructor(options: {
    world: World;
    violations: Violation[];
    secret: string;
    url: string | undefined;
  }) {
    this.#world = options.world;
    this.#violations = options.violations;
    this.#secret = options.secret;
    this.url = options.url;
  }

  /**
   * Delivers an event and resolves once the App has answered. Undefined where the App is not installed
   * or has not subscribed to the event.
   */
  async send({ event, action, repo, payload }: WebhookEvent): Promise<Delivery | undefined> {
    const installation = repo && this.#world.installationOf(repo);
    if (repo && !installation) return undefined;
    if (repo && !this.#world.app.events.includes(event)) return undefined;
    if (installation?.isSuspended) return undefined;
    const full: JsonObject = {
      ...(action === undefined ? {} : { action }),
      ...payload,
      ...(repo ? { repository: viewRepository(this.#world, repo) } : {}),
      ...(installation ? { installation: viewSimpleInstallation(installation) } : {}),
    };
    this.#validate(event, action, full);
    return this.#deliver({
      guid: randomUUID(),
      event,
      action: action ?? null,
      redelivery: false,
      installationId: installation?.id ?? null,
      repositoryId: repo?.id ?? null,
      body: JSON.stringify(full),
    });
  }

  /** Sends a recorded delivery again: same body, same `X-GitHub-Delivery`, as GitHub does. */
  redeliver(delivery: Delivery): Promise<Delivery> {
    const { guid, event, action, installationId, repositoryId, body } = delivery;
    return this.#deliver({
      guid,
      event,
      action,
      installationId,
      repositoryId,
      body,
      redelivery: true,
    });
  }

  /** Lets an event that an API request caused go its way after the answer; `settled` waits for it. */
  background(work: Promise<unknown>): void {
    const tracked = work.catch((error: unknown) => {
      this.#violations.push({ direction: 'webhook', operation: 'send', errors: [String(error)] });
    });
    this.#underway.add(tracked);
    void tracked.finally(() => this.#underway.delete(tracked));
  }

  /** Resolves when nothing started by `background` is under way. */
  async settled(): Promise<void> {
    while (this.#underway.size > 0) await Promise.all(this.#underway);
  }

  #validate(event: string, action: string | undefined, payload: JsonObject): void {
    const name = [event, ...(action === undefined ? [] : [action])].join('-').replaceAll('_', '-');
    const errors = payloadCheckOf(this.#world.ghes)(name, payload);
    if (errors.length > 0) this.#violations.push({ direction: 'webhook', operation: name, errors });
  }

  async #deliver(
    planned: Omit<Delivery, 'id' | 'statusCode' | 'durationMs' | 'deliveredAt'>,
  ): Promise<Delivery> {
    const id = this.#world.nextId();
    const deliveredAt = this.#world.now();
    const started = performance.now();
    const statusCode = await this.#post(planned);
    const durationMs = Math.round(performance.now() - started);
    const delivery: Delivery = { ...planned, id, deliveredAt, statusCode, durationMs };
    this.#world.deliveries.push(delivery);
    return delivery;
  }

  async #post({ guid, event, body }: Pick<Delivery, 'guid' | 'event' | 'body'>): Promise<number> {
    if (this.url === undefined) return 0;
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'GitHub-Hookshot/stand-in',
      'x-github-delivery': guid,
      'x-github-event': event,
      ...enterpriseHeaders(this.#world),
      'x-hub-signature-256': `sha256=${createHmac('sha256', this.#secret).update(body).digest('hex')}`,
    };
    try {
      const signal = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
      const response = await fetch(this.url, {
        method: 'POST',
        headers,
        body,
        signal,
        redirect: 'manual',
      });
      await response.arrayBuffer();
      return response.status;
    } catch {
      // Refused, reset or too slow: GitHub records a delivery without a status.
      return 0;
    }
  }
}
