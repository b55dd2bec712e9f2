import type { RepositoryRef } from '../../../src/domain/repository.ts';
import { SallyportError } from '../../../src/errors.ts';
import type { OwnThread, ReviewThreads } from '../../../src/ports/review-threads.ts';
import { absent, isOf } from './fake-place.ts';
import type { Faults } from './faults.ts';
import { assertFileComment } from './github-rules.ts';

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** An account as threads name it. */
export interface FakeAccount {
  readonly id: number;
  readonly login: string;
}

/** A thread with what only the fake knows of it. */
export interface FakeThread extends Writable<OwnThread> {
  readonly repositoryId: number;
  readonly number: number;
  readonly path: string;
  /** Null for a comment on a file as a whole. */
  readonly line: number | null;
  minimisedAs: 'outdated' | 'resolved' | null;
}

/** What the threads need of the fake that they are part of. */
export interface FakeThreadsParts {
  readonly faults: Faults;
  readonly nextId: () => number;
  /** Paths of the diff; undefined: whichever. */
  readonly paths: () => Iterable<string> | undefined;
}

/**
 * Threads in memory. Method names for faults begin with `reviewThreads.`. What people do in a thread is told by
 * the id of its first comment.
 */
export class FakeReviewThreads implements ReviewThreads {
  /** Those that are there, oldest first. */
  readonly threads: FakeThread[] = [];
  /** False: the installation does not grant writing contents, so that nothing is resolved. */
  mayResolve = true;
  readonly #parts: FakeThreadsParts;

  constructor(parts: FakeThreadsParts) {
    this.#parts = parts;
  }

  list(repository: RepositoryRef, number: number): Promise<readonly OwnThread[]> {
    return this.#parts.faults.around('reviewThreads.list', () =>
      this.threads
        .filter((thread) => isOf(thread, repository, number))
        .map((thread) => ({ ...thread, dislikedBy: thread.dislikedBy.slice(0, 20) })),
    );
  }

  resolve(repository: RepositoryRef, threadId: string): Promise<void> {
    return this.#parts.faults.around('reviewThreads.resolve', () => {
      this.#resolvable(repository, threadId).isResolved = true;
    });
  }

  unresolve(repository: RepositoryRef, threadId: string): Promise<void> {
    return this.#parts.faults.around('reviewThreads.unresolve', () => {
      open(this.#resolvable(repository, threadId));
    });
  }

  minimise(
    repository: RepositoryRef,
    nodeId: string,
    reason: 'outdated' | 'resolved',
  ): Promise<void> {
    return this.#parts.faults.around('reviewThreads.minimise', () => {
      const thread = this.threads.find((one) => one.commentNodeId === nodeId);
      if (thread?.repositoryId !== repository.repositoryId) absent(`comment ${nodeId}`);
      thread.isMinimised = true;
      thread.minimisedAs = reason;
    });
  }

  commentOnFile(
    repository: RepositoryRef,
    number: number,
    comment: Parameters<ReviewThreads['commentOnFile']>[2],
  ): Promise<number> {
    return this.#parts.faults.around('reviewThreads.commentOnFile', () => {
      assertFileComment(comment, this.#parts.paths());
      return this.start(repository, number, { ...comment, line: null });
    });
  }

  /** What GitHub does for each comment of a review. */
  start(
    { repositoryId }: RepositoryRef,
    number: number,
    {
      path,
      line,
      body,
    }: { readonly path: string; readonly line: number | null; readonly body: string },
  ): number {
    const commentId = this.#parts.nextId();
    this.threads.push({
      repositoryId,
      number,
      path,
      line,
      body,
      commentId,
      threadId: `PRRT_${commentId}`,
      commentNodeId: `PRRC_${commentId}`,
      isResolved: false,
      resolvedBy: null,
      resolvedById: null,
      isOutdated: false,
      isMinimised: false,
      minimisedAs: null,
      isAnswered: false,
      dislikedBy: [],
    });
    return commentId;
  }

  /** The thread that this comment began. @throws SallyportError `github.not-found` */
  of(commentId: number): FakeThread {
    return this.threads.find((one) => one.commentId === commentId) ?? absent(`own ${commentId}`);
  }

  /** Somebody resolves it: only one that is open, as GitHub has it. */
  resolveBy(commentId: number, { id, login }: FakeAccount): void {
    const thread = this.of(commentId);
    if (thread.isResolved) return;
    Object.assign(thread, { isResolved: true, resolvedBy: login, resolvedById: id });
  }

  unresolveBy(commentId: number): void {
    open(this.of(commentId));
  }

  answer(commentId: number): void {
    this.of(commentId).isAnswered = true;
  }

  dislike(commentId: number, { id, login }: FakeAccount): void {
    const thread = this.of(commentId);
    const isKnown = thread.dislikedBy.some((one) => one.id === id);
    if (!isKnown) thread.dislikedBy = [...thread.dislikedBy, { id, login }];
  }

  /** A push changed the line: a thread on a whole file is never outdated. */
  outdate(commentId: number): void {
    const thread = this.of(commentId);
    thread.isOutdated = thread.line !== null;
  }

  /** Deletes the first comment: what is left of the thread, if anything, is no longer this App's. */
  delete(commentId: number): void {
    this.threads.splice(this.threads.indexOf(this.of(commentId)), 1);
  }

  #resolvable(repository: RepositoryRef, threadId: string): FakeThread {
    const thread = this.threads.find((one) => one.threadId === threadId);
    if (thread?.repositoryId !== repository.repositoryId) absent(`thread ${threadId}`);
    if (!this.mayResolve) throw new SallyportError('github.forbidden', 'contents are read-only');
    return thread;
  }
}

function open(thread: FakeThread): void {
  Object.assign(thread, { isResolved: false, resolvedBy: null, resolvedById: null });
}
