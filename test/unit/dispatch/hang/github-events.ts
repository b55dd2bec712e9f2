import { createHash } from 'node:crypto';
import { CommitSha } from '../../../../src/domain/ids.ts';
import type { RepositoryRef } from '../../../../src/domain/repository.ts';
import type { Trigger } from '../../../../src/domain/trigger.ts';
import { SallyportError } from '../../../../src/errors.ts';
import { branchOf, setBranch } from '../../../support/fakes/fix-scene.ts';
import { headSha, number, repository, type World } from '../../../support/fakes/world.ts';

/** GitHub's side: what people do there, and the webhooks that come of it, on their way or lost. */
export class GitHubEvents {
  readonly world: World;
  /** Sent and not yet there, in no order. */
  readonly underway: Trigger[] = [];
  readonly #all = new Map<string, Trigger>();
  readonly heads: CommitSha[] = [headSha];
  repository: RepositoryRef = repository;
  isSuspended = false;
  #isRemoved = false;
  #names = 0;

  constructor(world: World) {
    this.world = world;
    const files = new Map([['src/a.js', Buffer.from('old\n')]]);
    setBranch(world, { sha: headSha, files });
    this.#commitsArePushes();
    this.#suspensionIsFelt();
  }

  push(): void {
    const sha = shaOf(`push ${this.heads.length}`);
    this.#moveTo(sha);
  }

  /** Back to a head of before. */
  forcePush(index: number): void {
    const sha = this.heads[index % this.heads.length];
    if (sha !== undefined) this.#moveTo(sha);
  }

  comment(login: string, body: string): void {
    this.#emit({ ...this.world.comment(login, body), repository: this.repository });
  }

  /** A button that GitHub shows now, if there is one. */
  click(login: string, index: number): void {
    const shown = [...this.world.github.runs.values()].flatMap((run) =>
      run.actions.map(({ identifier }) => ({ run, identifier })),
    );
    const chosen = shown[index % Math.max(shown.length, 1)];
    if (chosen === undefined) return;
    const { identifier, run } = chosen;
    this.#emit({ ...this.#about(run.id, login), type: 'check-action', identifier });
  }

  rerun(login: string, index: number): void {
    const ids = [...this.world.github.runs.keys()];
    const id = ids[index % Math.max(ids.length, 1)];
    if (id !== undefined) this.#emit({ ...this.#about(id, login), type: 'check-rerequested' });
  }

  rerunAll(login: string): void {
    const common = { ...this.world.byGitHub(), repository: this.repository };
    const sender = this.world.person(login);
    const head = branchOf(this.world).sha;
    this.#emit({ ...common, sender, type: 'suite-rerequested', headSha: head, pullRequests: [] });
  }

  close(isClosed: boolean): void {
    this.world.setPull({ state: isClosed ? 'closed' : 'open' });
    this.#emitPull(isClosed ? 'closed' : 'reopened');
  }

  retarget(): void {
    this.#names += 1;
    this.world.setPull({ baseSha: shaOf(`base ${this.#names}`), baseRef: `base-${this.#names}` });
    this.#emitPull('retargeted');
  }

  rename(): void {
    this.#names += 1;
    this.repository = { ...this.repository, name: `name-${this.#names}` };
    const type = 'repository-moved';
    this.#emit({ ...this.world.byGitHub(), type, repository: this.repository });
  }

  /** GitHub tells of nothing else while the App is suspended, and takes nothing from it. */
  suspend(isSuspended: boolean): void {
    if (isSuspended === this.isSuspended) return;
    this.isSuspended = isSuspended;
    if (isSuspended) this.#lose('installation:suspended');
    else if (this.#isRemoved) this.#installAgain();
    else this.#return(this.repository.installationId, null);
  }

  uninstall(): void {
    if (this.isSuspended) return;
    this.isSuspended = true;
    this.#isRemoved = true;
    this.#lose('installation:deleted');
  }

  draft(isDraft: boolean): void {
    this.world.setPull({ isDraft });
    if (!isDraft) this.#emitPull('ready_for_review');
  }

  #lose(reason: 'installation:suspended' | 'installation:deleted'): void {
    const { installationId } = this.repository;
    const common = { ...this.world.byGitHub(), installationId };
    const lost = { ...common, type: 'access-lost', reason, repositoryIds: null } as const;
    this.underway.push(this.#noted(lost));
  }

  #installAgain(): void {
    this.#isRemoved = false;
    const installationId = this.repository.installationId + 1;
    this.repository = { ...this.repository, installationId };
    this.#return(installationId, [this.repository]);
  }

  #return(installationId: number, repositories: RepositoryRef[] | null): void {
    const common = { ...this.world.byGitHub(), installationId };
    this.underway.push(this.#noted({ ...common, type: 'access-returned', repositories }));
  }

  open(): void {
    this.#emitPull('opened');
  }

  queue(): void {
    const common = { ...this.world.byGitHub(), repository: this.repository };
    const group = shaOf(`group ${common.deliveryId}`);
    this.#emit({ ...common, type: 'merge-group', headSha: group, pullRequest: number });
  }

  /** Takes one from the way, for good or not: GitHub notes how it ended. */
  arrive(index: number, isTaken: boolean): Trigger | undefined {
    const [trigger] = this.underway.splice(index % Math.max(this.underway.length, 1), 1);
    if (trigger === undefined) return undefined;
    this.#note(trigger, { isTaken, isRedelivery: false });
    return isTaken ? trigger : undefined;
  }

  /** What the App has asked for again since. */
  redelivered(): readonly Trigger[] {
    const asked = this.world.github.askedAgain.splice(0);
    const triggers = asked.flatMap((guid) => this.#all.get(guid) ?? []);
    for (const trigger of triggers) this.#note(trigger, { isTaken: true, isRedelivery: true });
    return triggers;
  }

  /** Ids of all that was ever sent. */
  get sent(): readonly string[] {
    return [...this.#all.keys()];
  }

  #note(trigger: Trigger, how: { readonly isTaken: boolean; readonly isRedelivery: boolean }) {
    const { deliveries } = this.world.github;
    const atMs = this.world.clock.nowMs();
    const event = { event: trigger.type, action: null };
    const id = deliveries.length + 1;
    deliveries.push({ id, guid: trigger.deliveryId, atMs, ...event, ...how });
  }

  #noted(trigger: Trigger): Trigger {
    this.#all.set(trigger.deliveryId, trigger);
    return trigger;
  }

  #emit(trigger: Trigger): void {
    if (!this.isSuspended) this.underway.push(this.#noted(trigger));
  }

  #emitPull(action: Parameters<World['pullRequest']>[0]): void {
    this.#emit({ ...this.world.pullRequest(action), repository: this.repository });
  }

  #emitSuite(sha: CommitSha): void {
    const common = { ...this.world.byGitHub(), repository: this.repository };
    const sender = this.world.person('contributor');
    const what = { type: 'suite-requested' as const, headSha: sha, pullRequests: [number] };
    this.#emit({ ...common, sender, ...what });
  }

  #about(checkRunId: number, login: string) {
    const run = this.world.github.runs.get(checkRunId);
    if (run === undefined) throw new Error('no such run');
    const { headSha: head, externalId } = run;
    const common = { ...this.world.byGitHub(), repository: this.repository };
    return { ...common, sender: this.world.person(login), checkRunId, externalId, headSha: head };
  }

  #moveTo(sha: CommitSha): void {
    this.heads.push(sha);
    setBranch(this.world, { sha, message: 'theirs', parents: [] });
    const pull = this.world.github.pulls.get(`7#${number}`);
    if (pull?.state !== 'open') return;
    this.#emitPull('synchronize');
    if (!pull.isFork) this.#emitSuite(sha);
  }

  /** The App's own commit moves the head as anybody's does. */
  #commitsArePushes(): void {
    const { commits } = this.world.github;
    const real = commits.commitOnBranch.bind(commits);
    commits.commitOnBranch = async (...parts) => {
      const sha = await real(...parts);
      this.heads.push(sha);
      this.world.setPull({ headSha: sha });
      this.#emitPull('synchronize');
      return sha;
    };
  }

  #suspensionIsFelt(): void {
    const { checkRuns, pullRequests, conversations, permissions, commits } = this.world.github;
    for (const port of [checkRuns, pullRequests, conversations, permissions, commits]) {
      for (const [name, call] of Object.entries(port) as [
        string,
        (...parts: unknown[]) => unknown,
      ][]) {
        Object.assign(port, {
          [name]: async (...parts: unknown[]) => {
            if (this.isSuspended) throw new SallyportError('github.forbidden', 'suspended');
            return call(...parts);
          },
        });
      }
    }
  }
}

function shaOf(text: string): CommitSha {
  return CommitSha.parse(createHash('sha1').update(text).digest('hex'));
}
