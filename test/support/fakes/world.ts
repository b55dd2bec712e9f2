import type { Context } from '../../../src/dispatch/context.ts';
import { guardGitHub } from '../../../src/dispatch/guarded-github.ts';
import { paceGitHub } from '../../../src/dispatch/paced-github.ts';
import { rememberPusher } from '../../../src/dispatch/pusher.ts';
import { Turns } from '../../../src/dispatch/turns.ts';
import { CommitSha, DeliveryId } from '../../../src/domain/ids.ts';
import type { Actor, Permission, RepositoryRef } from '../../../src/domain/repository.ts';
import type { Trigger } from '../../../src/domain/trigger.ts';
import type { EffectiveTask } from '../../../src/policy/effective-policy.ts';
import type { PolicyFault } from '../../../src/policy/fault.ts';
import type { LoadedPolicy, Policies } from '../../../src/policy/policies.ts';
import { rulesOf } from '../../../src/policy/rules-of.ts';
import type { Log } from '../../../src/ports/log.ts';
import type { JobQueue } from '../../../src/ports/queue.ts';
import { sampleLayer } from '../report/samples.ts';
import { FakeClock } from './fake-clock.ts';
import { FakeGitHub } from './fake-github.ts';
import { FakeLedger } from './fake-ledger.ts';
import { FakeStore } from './fake-store.ts';

/** A queue that keeps what is added, and runs nothing. */
export class RecordedQueue<Job> implements JobQueue<Job> {
  readonly jobs = new Map<string, Job>();

  async add(id: string, job: Job): Promise<void> {
    if (!this.jobs.has(id)) this.jobs.set(id, job);
  }

  /** Ids of jobs that are over. */
  readonly over = new Set<string>();

  async has(id: string): Promise<boolean> {
    return this.jobs.has(id);
  }

  async isOpen(id: string): Promise<boolean> {
    return this.jobs.has(id) && !this.over.has(id);
  }

  process(): void {
    throw new Error('a recorded queue runs nothing');
  }

  ping(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

export const repository: RepositoryRef = {
  installationId: 1,
  repositoryId: 7,
  owner: 'acme',
  name: 'parcel-tracker',
};
export const headSha = CommitSha.parse('a'.repeat(40));
export const baseSha = CommitSha.parse('b'.repeat(40));
export const newerSha = CommitSha.parse('c'.repeat(40));
/** Number of the pull request in the fake GitHub. */
export const number = 12;

/** A secret of the control plane of every world. */
export const ownSecret = 'hook-secret-of-the-app';

const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

type PullRequestTrigger = Extract<Trigger, { type: 'pull-request' }>;
type CommentTrigger = Extract<Trigger, { type: 'comment' }>;

/** A control plane over fakes: one repository with one open pull request by `contributor`, who may write. */
export class World {
  readonly clock = new FakeClock();
  readonly github = new FakeGitHub();
  readonly ledger = new FakeLedger(this.clock);
  readonly store = new FakeStore(this.clock, this.ledger);
  readonly deliveries = new RecordedQueue<Trigger>();
  readonly tasks: RecordedQueue<{ taskId: never; attempt: number }> = new RecordedQueue();
  readonly publish: RecordedQueue<{ taskId: never }> = new RecordedQueue();
  readonly turns = new Turns({ leases: this.store.leases, clock: this.clock });
  /** What is in force in every repository; the operator's as well. */
  policy: LoadedPolicy = sampleLayer().loaded;
  /** When set: the layers of every repository are wrong. */
  faults: readonly PolicyFault[] | undefined;
  #deliveries = 0;

  constructor() {
    this.github.roles
      .set('contributor', 'write')
      .set('maintainer', 'maintain')
      .set('reader', 'read');
    this.setPull({});
  }

  get context(): Context {
    const { store, ledger, clock, policies, turns } = this;
    const paced = paceGitHub(this.github, { pace: store.contentPace, clock, log: silent });
    const github = guardGitHub(paced, { ledger, log: silent, own: [ownSecret] });
    const queues = { deliveries: this.deliveries, tasks: this.tasks, publish: this.publish };
    return {
      github,
      store,
      ledger,
      clock,
      policies,
      log: silent,
      turns,
      queues,
    };
  }

  get policies(): Policies {
    const { policy, faults } = this;
    return {
      operator: policy,
      inForce: async () =>
        faults === undefined ? { ok: true, loaded: policy } : { ok: false, faults },
      byDigest: async () => policy.policy,
    };
  }

  /** Changes what is in force for one task, under another digest unless told otherwise. */
  setRules(name: string, change: Partial<EffectiveTask>, digest = this.policy.digest): void {
    const { policy } = this.policy;
    const rules = { ...rulesOf(policy, name), ...change };
    this.policy = { policy: { ...policy, tasks: { ...policy.tasks, [name]: rules } }, digest };
  }

  setPull(change: Partial<ReturnType<FakeGitHub['pulls']['get']> & object>): void {
    const key = `${repository.repositoryId}#${number}`;
    const pull = this.github.pulls.get(key) ?? {
      number,
      state: 'open' as const,
      isDraft: false,
      authorLogin: 'contributor',
      authorId: 0,
      labels: [],
      title: 'Parse dates',
      body: '',
      headSha,
      baseSha,
      baseRef: 'main',
      headRef: 'feature',
      isFork: false,
      updatedAtMs: 0,
    };
    const isPushed = change.headSha !== undefined && change.headSha !== pull.headSha;
    const updatedAtMs = isPushed ? this.clock.nowMs() : pull.updatedAtMs;
    const changed = { ...pull, updatedAtMs, ...change };
    const authorId = this.person(changed.authorLogin).id;
    this.github.pulls.set(key, { ...changed, authorId });
  }

  person(login: string, type: Actor['type'] = 'User'): Actor {
    const id = Buffer.from(login).reduce((sum, byte) => (sum * 31 + byte) % 1_000_003, 7);
    return { id, login, type };
  }

  setRole(login: string, role: Permission): void {
    this.github.roles.set(login, role);
  }

  nextDelivery(): DeliveryId {
    this.#deliveries += 1;
    return DeliveryId.parse(`delivery-${this.#deliveries}`);
  }

  /** GitHub has told who pushed the present head; where a test says nothing of it, nobody knows. */
  async tellPusher(login = 'contributor'): Promise<void> {
    const trigger = { ...this.pullRequest('synchronize'), sender: this.person(login) };
    await rememberPusher(this.context, trigger);
  }

  pullRequest(
    action:
      | 'opened'
      | 'synchronize'
      | 'reopened'
      | 'ready_for_review'
      | 'retargeted'
      | 'labeled'
      | 'closed',
  ): PullRequestTrigger {
    const head = this.github.pulls.get(`${repository.repositoryId}#${number}`)?.headSha ?? headSha;
    const common = this.#common('contributor');
    return { ...common, type: 'pull-request', action, number, headSha: head };
  }

  comment(login: string, body: string, type: Actor['type'] = 'User'): CommentTrigger {
    const common = { ...this.#common(login), sender: this.person(login, type) };
    const commentId = 500 + this.#deliveries;
    const updatedAt = new Date(this.clock.nowMs()).toISOString();
    this.github.said.set(commentId, { body, updatedAt, isOwn: false, isMember: false });
    const place = { number, isPullRequest: true, threadId: null };
    return { ...common, type: 'comment', ...place, commentId, updatedAt, body };
  }

  /** GitHub's own: nobody is its sender. */
  byGitHub() {
    return { deliveryId: this.nextDelivery(), receivedAtMs: this.clock.nowMs() };
  }

  #common(login: string) {
    return {
      deliveryId: this.nextDelivery(),
      repository,
      sender: this.person(login),
      receivedAtMs: this.clock.nowMs(),
    };
  }
}
