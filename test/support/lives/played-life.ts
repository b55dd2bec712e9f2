import { createHash } from 'node:crypto';
import { keepBase } from '../../../src/dispatch/base-branch.ts';
import { CommitSha, DeliveryId, type TaskId, taskIdFor } from '../../../src/domain/ids.ts';
import { Outcome, patchDigestOf } from '../../../src/domain/outcome.ts';
import { rulesOf } from '../../../src/policy/rules-of.ts';
import { parseHunks } from '../../../src/report/diff-hunks.ts';
import type { FakeThread } from '../fakes/fake-review-threads.ts';
import { baseSha, number, repository, World } from '../fakes/world.ts';
import { sampleTask } from '../report/samples.ts';
import { Choices } from './choices.ts';
import { type PlayedLine, rendered } from './played-files.ts';
import { goneIn } from './played-gone.ts';
import { showUntilSettled } from './played-process.ts';
import { modelAgent, PlayedBranch, tools } from './played-pushes.ts';
import { type Mishaps, type PlayedReview, reviewOf } from './played-review.ts';
import type { Disturbance } from './trap.ts';

/** What a publishing left behind, and what it was about. */
export interface PlayedShow {
  readonly taskId: TaskId;
  readonly review: PlayedReview;
  readonly mishaps: Mishaps;
  readonly rules: { readonly maxComments: number; readonly maxFileComments: number };
  /** Threads that were not there before. */
  readonly made: readonly FakeThread[];
  /** Calls that the publishing process made. */
  readonly calls: number;
}

/** One pull request from push to push: its branch, its reviews, and GitHub as it then is. */
export class PlayedLife {
  readonly world = new World();
  readonly choices: Choices;
  readonly branch: PlayedBranch;
  /** Is the reviewing agent one with a model? */
  readonly isModel: boolean;
  /** Is there room for every comment, from first to last? */
  readonly isGenerous: boolean;
  #shows = 0;
  #pushes = 0;
  #said = 0;
  /** Where each thread stood when it was begun. */
  readonly #anchors = new Map<number, { line: PlayedLine; text: string; path: string }>();

  constructor(seed: number, isModel = false) {
    this.isModel = isModel;
    this.choices = new Choices(seed);
    this.isGenerous = this.choices.percent(40);
    this.world.github.reviewThreads.mayResolve = this.choices.percent(80);
    this.branch = new PlayedBranch(this.choices, isModel);
    if (isModel) this.world.setRules('review', { agent: modelAgent });
    this.#setLimits();
  }

  get threads(): FakeThread[] {
    return this.world.github.reviewThreads.threads;
  }

  /** A push: the branch changes, and GitHub says which threads are on lines that are no more. */
  push(): void {
    this.branch.push();
    this.#pushes += 1;
    for (const thread of this.threads) {
      const anchor = this.#anchors.get(thread.commentId);
      if (anchor === undefined) continue;
      const file = this.branch.files.find(({ path }) => path === anchor.path);
      const isThere = file?.lines.includes(anchor.line) === true;
      thread.isOutdated = !isThere || rendered(anchor.line) !== anchor.text;
    }
    if (!this.isGenerous && this.choices.percent(30)) this.#setLimits();
  }

  /** A review of the head as it is, up to the end of its publishing. */
  async show({ mishap, publishers = 1 }: Disturbance = {}): Promise<PlayedShow> {
    const failedTools = this.choices.percent(15) ? [this.#tool()] : [];
    const most = this.choices.percent(10) ? 3 : 5_000;
    const mishaps = { failedTools, most, ...(this.isModel ? { silence: 30 } : {}) };
    const { review, taskId, rules } = await this.prepare(mishaps);
    const before = new Set(this.threads);
    const others = Array.from({ length: publishers - 1 }, () =>
      showUntilSettled(this.world, taskId),
    );
    const calls = await showUntilSettled(this.world, taskId, mishap);
    await Promise.all(others);
    await this.work();
    const made = this.threads.filter((thread) => !before.has(thread));
    for (const thread of made) this.#anchor(thread);
    return { taskId, review, mishaps, rules, made, calls };
  }

  /** A task whose run is over, and which is about to be published. */
  async prepare(mishaps: PlayedShow['mishaps']) {
    const { world } = this;
    await world.clock.advance(1_000);
    this.#shows += 1;
    this.#setLimit(mishaps.most);
    const review = await reviewOf(this.branch, world.store, { mishaps, choices: this.choices });
    world.github.anchors = parseHunks(Buffer.from(review.diff));
    const taskId = await this.#insert(await this.#lookedBack(review));
    return { review, taskId, rules: rulesOf(world.policy.policy, 'review').review };
  }

  /** Of what people say: above all that the App says. */
  nextCommentId(): number {
    this.#said += 1;
    return 100_000 + this.#said;
  }

  /** Does what is in the queue of what is to be shown. */
  async work(): Promise<void> {
    const { jobs } = this.world.publish;
    for (const [id, job] of jobs) {
      jobs.delete(id);
      await showUntilSettled(this.world, job.taskId);
    }
  }

  /** With what an agent with a model is found to have left behind. */
  async #lookedBack(review: PlayedReview): Promise<PlayedReview> {
    if (!this.isModel) return review;
    const task = sampleTask({ repository, pullRequest: number });
    const gone = [...(await goneIn(this.world, task, this.branch))];
    return { ...review, outcome: Outcome.parse({ ...review.outcome, gone }) };
  }

  #tool(): string {
    return this.isModel ? modelAgent : this.choices.among([...tools, 'linters']);
  }

  #anchor(thread: FakeThread): void {
    const file = this.branch.files.find(({ path }) => path === thread.path);
    const line = thread.line === null ? undefined : file?.lines[thread.line - 1];
    if (line === undefined) return;
    this.#anchors.set(thread.commentId, { line, text: rendered(line), path: thread.path });
  }

  #setLimits(): void {
    const { review } = rulesOf(this.world.policy.policy, 'review');
    const limits = this.isGenerous
      ? { maxComments: 1_000, maxFileComments: 20, inline: 'findings' as const }
      : {
          maxComments: this.choices.below(6),
          maxFileComments: this.choices.below(3),
          inline: this.choices.among<'findings' | 'suggestions'>([
            'findings',
            'findings',
            'suggestions',
          ]),
        };
    this.world.setRules('review', { review: { ...review, ...limits } });
  }

  #setLimit(findings: number): void {
    const { limits } = rulesOf(this.world.policy.policy, 'review');
    this.world.setRules('review', { limits: { ...limits, findings } });
  }

  async #insert({ outcome }: PlayedReview): Promise<TaskId> {
    const { world } = this;
    const cause = DeliveryId.parse(`show-${this.#shows}`);
    const id = taskIdFor(cause, 'review');
    const sha = createHash('sha1').update(`push ${this.#pushes}`).digest('hex');
    const headSha = CommitSha.parse(sha);
    world.setPull({ headSha });
    const state = { status: 'queued' } as const;
    const output = { title: 'Queued', summary: 'Waiting.' };
    const run = { name: 'sallyport', headSha, externalId: id, state, output };
    const nowMs = world.clock.nowMs();
    const task = sampleTask({
      id,
      state: 'publishing',
      repository,
      pullRequest: number,
      headSha,
      baseSha,
      cause,
      checkRunId: await world.github.checkRuns.create(repository, run),
      requestedBy: world.person('contributor'),
      policyDigest: world.policy.digest,
      inputDigest: null,
      imageDigest: null,
      outcomeDigest: await world.store.artifacts.put(Buffer.from(JSON.stringify(outcome))),
      patchDigest: patchDigestOf(outcome.changes),
      createdAtMs: nowMs,
      updatedAtMs: nowMs,
    });
    await world.store.tasks.insert(task);
    await keepBase(world.context, id, 'main');
    return id;
  }
}
