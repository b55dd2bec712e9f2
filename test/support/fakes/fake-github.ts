import { createHash } from 'node:crypto';
import { CommitSha } from '../../../src/domain/ids.ts';
import type { Permission, RepositoryRef } from '../../../src/domain/repository.ts';
import { SallyportError } from '../../../src/errors.ts';
import type {
  Comment,
  Conversations,
  Place,
  SaidComment,
} from '../../../src/ports/conversations.ts';
import type { Files } from '../../../src/ports/files.ts';
import type {
  Commits,
  GitHub,
  Permissions,
  PullRequest,
  PullRequests,
  ReviewComment,
} from '../../../src/ports/github.ts';
import type { HookDeliveries, HookDelivery } from '../../../src/ports/hook-deliveries.ts';
import type { SourceLocation } from '../../../src/ports/source.ts';
import { type FakeCheckRun, FakeCheckRuns } from './fake-check-runs.ts';
import { fileOf } from './fake-file.ts';
import { FakeIssues } from './fake-issues.ts';
import { absent, isOf } from './fake-place.ts';
import { FakeReach } from './fake-reach.ts';
import { FakeReviewThreads } from './fake-review-threads.ts';
import { Faults } from './faults.ts';
import { assertReview } from './github-rules.ts';

/** A submitted review with its inline comments. */
export interface FakeReview {
  readonly id: number;
  readonly repositoryId: number;
  readonly number: number;
  readonly headSha: CommitSha;
  readonly body: string;
  readonly comments: readonly ReviewComment[];
}

/** A branch's head and the whole tree there. */
export interface FakeBranch {
  readonly sha: CommitSha;
  readonly message: string;
  readonly parents: readonly string[];
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/**
 * GitHub in memory: keeps what was written and refuses what GitHub refuses (caps, anchors, unknown
 * objects, moved heads). Everything it holds is public, for tests to arrange and to look at.
 */
export class FakeGitHub implements GitHub {
  /** Method names are `checkRuns.update`, `pullRequests.createReview` and so on. */
  readonly faults = new Faults();
  readonly runs = new Map<number, FakeCheckRun>();
  readonly reviews: FakeReview[] = [];
  /** The App's own comments. */
  readonly comments: (Place & { id: number; repositoryId: number; body: string })[] = [];
  /** Comments of people, by id. */
  readonly said = new Map<number, Comment>();
  /** By the first comment of a thread. */
  readonly replies = new Map<number, readonly SaidComment[]>();
  /** Comments of an issue, by its number. */
  readonly saidBelow = new Map<number, readonly SaidComment[]>();
  readonly reactions: { commentId: number; content: string }[] = [];
  /** Key `repositoryId#number`. */
  readonly pulls = new Map<string, PullRequest>();
  /** Key `login`. Who is not here has `none`. */
  readonly roles = new Map<string, Permission>();
  /** Members by `organisation/slug`; null: the App may not know. */
  teams: ReadonlyMap<string, readonly string[]> | null = new Map();
  /** Paths that the pull request changes; null: too many. */
  changed: readonly string[] | null = ['src/a.js'];
  /** Key `repositoryId:branch`. */
  readonly branches = new Map<string, FakeBranch>();
  /** SHA of the tree of each commit; of those that are not here it is the commit's own. */
  readonly trees = new Map<string, string>();
  /** Attempts to deliver webhooks, oldest first. */
  readonly deliveries: HookDelivery[] = [];
  deliveriesPerPage = 100;
  /** When every pull request changed last, epoch ms. */
  updatedAtMs = 0;
  /** Guids of what GitHub was asked to send again. */
  readonly askedAgain: string[] = [];
  /** When set: the commentable lines of each path, and a comment elsewhere is refused like GitHub does. */
  anchors: ReadonlyMap<string, readonly { newStart: number; newLines: number }[]> | undefined;
  #lastId = 100;
  readonly checkRuns = new FakeCheckRuns(this.runs, this.faults, () => this.#nextId());

  readonly pullRequests: PullRequests = {
    get: (repository, number) =>
      this.faults.around('pullRequests.get', () => {
        const pull = this.pulls.get(`${repository.repositoryId}#${number}`);
        return pull ?? absent(`pull request ${number}`);
      }),
    changedPaths: () => this.faults.around('pullRequests.changedPaths', () => this.changed),
    listOpen: (repository, page) =>
      this.faults.around('pullRequests.listOpen', () => {
        const mine = [...this.pulls].filter(([key, { state }]) => {
          return key.startsWith(`${repository.repositoryId}#`) && state === 'open';
        });
        const { updatedAtMs } = this;
        const shown = mine.slice((page - 1) * 100, page * 100);
        const pulls = shown.map(([, { number, headSha, baseRef, isDraft, authorLogin }]) => {
          const author = { id: 1, login: authorLogin, type: 'User' } as const;
          return { number, headSha, baseRef, isDraft, author, updatedAtMs };
        });
        return { pulls, hasMore: mine.length > page * 100 };
      }),
    createReview: (repository, number, review) =>
      this.faults.around('pullRequests.createReview', () => {
        assertReview(review, this.anchors);
        const id = this.#nextId();
        this.reviews.push({ ...review, id, number, repositoryId: repository.repositoryId });
        for (const comment of review.comments)
          this.reviewThreads.start(repository, number, comment);
        return id;
      }),
    findReview: (repository, number, marker) =>
      this.faults.around('pullRequests.findReview', () => {
        const mine = this.reviews.filter((review) => isOf(review, repository, number));
        return mine.find((review) => review.body.endsWith(marker))?.id;
      }),
  };

  readonly reviewThreads = new FakeReviewThreads({
    faults: this.faults,
    nextId: () => this.#nextId(),
    paths: () => this.anchors?.keys(),
  });

  readonly issues = new FakeIssues(this.faults, () => this.branches);

  readonly conversations: Conversations = {
    comment: (repository, place, body) =>
      this.faults.around('conversations.comment', () => {
        const id = this.#nextId();
        this.comments.push({ id, repositoryId: repository.repositoryId, ...place, body });
        return id;
      }),
    findComment: (repository, place, marker) =>
      this.faults.around('conversations.findComment', () => {
        const mine = this.comments.filter(
          (comment) =>
            isOf(comment, repository, place.number) && comment.threadId === place.threadId,
        );
        return mine.find((comment) => comment.body.endsWith(marker))?.id;
      }),
    read: (_repository, { commentId }) =>
      this.faults.around('conversations.read', () => {
        const own = this.#own(commentId);
        if (own === undefined) return this.said.get(commentId);
        return {
          body: own.body,
          updatedAt: new Date(0).toISOString(),
          isOwn: true,
          isMember: false,
        };
      }),
    replies: (_repository, { threadId }) =>
      this.faults.around('conversations.replies', () => this.replies.get(threadId) ?? []),
    newest: (_repository, number) =>
      this.faults.around('conversations.newest', () => this.saidBelow.get(number) ?? []),
    update: (_repository, { commentId }, body) =>
      this.faults.around('conversations.update', () => {
        const own = this.#own(commentId) ?? absent(`own comment ${commentId}`);
        own.body = body;
      }),
    react: (_repository, { commentId }, content) =>
      this.faults.around('conversations.react', () => {
        if (this.#own(commentId) === undefined && !this.said.has(commentId))
          absent(`comment ${commentId}`);
        const there = this.reactions.some(
          (reaction) => reaction.commentId === commentId && reaction.content === content,
        );
        if (!there) this.reactions.push({ commentId, content });
      }),
  };

  readonly permissions: Permissions = {
    of: (_repository, login) =>
      this.faults.around('permissions.of', () => this.roles.get(login) ?? 'none'),
    isInTeam: (_repository, team, login) =>
      this.faults.around('permissions.isInTeam', () =>
        this.teams === null ? null : (this.teams.get(team)?.includes(login) ?? false),
      ),
  };

  /** Key `repositoryId:branch:path`. */
  readonly texts = new Map<string, string>();
  /** By path, in the owner's `.github`; null: the installation does not have it. */
  ownersTexts: ReadonlyMap<string, string> | null = null;

  readonly files: Files = {
    onBranch: (repository, branch, path) =>
      this.faults.around('files.onBranch', () =>
        fileOf(this.texts.get(`${repository.repositoryId}:${branch}:${path}`)),
      ),
    ofOwner: (_repository, path) =>
      this.faults.around('files.ofOwner', () => {
        if (this.ownersTexts === null) return absent('repository .github');
        return fileOf(this.ownersTexts.get(path));
      }),
  };

  readonly commits: Commits = {
    commitOnBranch: (repository, commit) =>
      this.faults.around('commits.commitOnBranch', () => {
        const key = `${repository.repositoryId}:${commit.branch}`;
        const head = this.branches.get(key) ?? absent(`branch ${commit.branch}`);
        if (head.sha !== commit.expectedHeadSha) {
          throw new SallyportError('github.stale-head', `${commit.branch} is at ${head.sha}`);
        }
        const files = new Map(head.files);
        for (const { path, bytes } of commit.additions) files.set(path, bytes);
        for (const path of commit.deletions) files.delete(path);
        const message =
          commit.body === '' ? commit.headline : `${commit.headline}\n\n${commit.body}`;
        const seed = `${head.sha}\n${message}\n${this.#nextId()}`;
        const sha = CommitSha.parse(createHash('sha1').update(seed).digest('hex'));
        this.branches.set(key, { sha, message, parents: [head.sha], files });
        return sha;
      }),
    treeOf: (_repository, sha) =>
      this.faults.around('commits.treeOf', () => this.trees.get(sha) ?? sha),
    branchHead: (repository, branch) =>
      this.faults.around('commits.branchHead', () => {
        const head = this.branches.get(`${repository.repositoryId}:${branch}`);
        return head ?? absent(`branch ${branch}`);
      }),
  };

  readonly hookDeliveries: HookDeliveries = {
    list: (cursor) =>
      this.faults.around('hookDeliveries.list', () => {
        const from = Number(cursor ?? 0);
        const newestFirst = this.deliveries.toReversed();
        const page = newestFirst.slice(from, from + this.deliveriesPerPage);
        const nextAt = from + this.deliveriesPerPage;
        return nextAt < newestFirst.length
          ? { deliveries: page, next: String(nextAt) }
          : { deliveries: page };
      }),
    redeliver: (id) =>
      this.faults.around('hookDeliveries.redeliver', () => {
        const known = this.deliveries.find((delivery) => delivery.id === id);
        if (known === undefined) absent(`delivery ${id}`);
        this.askedAgain.push(known.guid);
      }),
  };

  readonly reach = new FakeReach(this.faults);

  sourceOf(repository: RepositoryRef): SourceLocation {
    return {
      mirrorKey: String(repository.repositoryId),
      url: `https://github.invalid/${repository.owner}/${repository.name}.git`,
      token: async () => 'fake-read-token',
    };
  }

  /** A comment of the App's, of a conversation or of a review. */
  #own(commentId: number): { body: string } | undefined {
    return [...this.comments, ...this.reviewThreads.threads].find((one) =>
      'id' in one ? one.id === commentId : one.commentId === commentId,
    );
  }

  #nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }
}
