import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CommitSha } from '../../src/domain/ids.ts';
import type { RepositoryRef } from '../../src/domain/repository.ts';
import type { GitHub } from '../../src/ports/github.ts';
import type { OwnThread } from '../../src/ports/review-threads.ts';

/** GitHub with one open pull request that changes lines 10 and 41 of `src/a.js`, and its people. */
export interface ThreadStage {
  readonly github: Pick<GitHub, 'reviewThreads' | 'pullRequests' | 'conversations'>;
  readonly repository: RepositoryRef;
  readonly number: number;
  readonly headSha: CommitSha;
  /** Account ids of the people: `mona` opened the pull request, `lee` may write. */
  readonly idOf: (login: 'mona' | 'lee') => number;
  /** What people do. A thread is named by the id of its first comment. */
  readonly people: {
    resolve(commentId: number, login: 'mona' | 'lee'): void;
    unresolve(commentId: number): void;
    answer(commentId: number): Promise<void>;
    dislike(commentId: number, login: 'mona' | 'lee'): void;
    delete(commentId: number): void;
    /** A push that changes line 10. */
    push(commentId: number): Promise<void>;
    /** The installation grants reading contents from now on. */
    forbidContents(): Promise<void>;
  };
  /** One answer of 422 is wanted by the test. */
  readonly expectUnprocessable: () => void;
  readonly close: () => Promise<void>;
}

/** What `ReviewThreads` promises, held for the fake and for the adapter. */
export function describeThreadsContract(name: string, start: () => Promise<ThreadStage>): void {
  describe(`threads of ${name}`, () => {
    let at: ThreadStage;

    beforeEach(async () => {
      at = await start();
    });
    afterEach(() => at.close());

    const list = () => at.github.reviewThreads.list(at.repository, at.number);
    const ids = async () => (await list()).map(({ commentId }) => commentId);
    const onFile = (path = 'src/a.js', body = 'On all of it.') => {
      const comment = { headSha: at.headSha, path, body };
      return at.github.reviewThreads.commentOnFile(at.repository, at.number, comment);
    };

    async function review(...bodies: readonly string[]): Promise<OwnThread> {
      const comments = bodies.map((body) => ({ path: 'src/a.js', line: 10, body }));
      const wish = { headSha: at.headSha, body: 'Review', comments };
      await at.github.pullRequests.createReview(at.repository, at.number, wish);
      return only(bodies.at(-1) ?? '');
    }

    async function only(body: string): Promise<OwnThread> {
      const found = (await list()).find((thread) => thread.body === body);
      if (found === undefined) throw new Error(`no thread with ${body}`);
      return found;
    }

    it('begin with each comment of a review and each on a file, and are listed oldest first', async () => {
      expect(await list()).toEqual([]);
      await review('one', 'two');
      const fileId = await onFile();
      await review('three');
      const threads = await list();
      expect(threads.map(({ body }) => body)).toEqual(['one', 'two', 'On all of it.', 'three']);
      expect(threads[2]?.commentId).toBe(fileId);
      for (const thread of threads) {
        expect(thread).toMatchObject({
          isResolved: false,
          resolvedBy: null,
          resolvedById: null,
          isOutdated: false,
          isMinimised: false,
          isAnswered: false,
          dislikedBy: [],
        });
      }
    });

    it('are resolved and opened again, as often as it is asked for', async () => {
      const { threadId } = await review('one');
      const other = await review('two');
      for (let times = 0; times < 2; times += 1) {
        await at.github.reviewThreads.resolve(at.repository, threadId);
        expect(await only('one')).toMatchObject({ isResolved: true, resolvedBy: null });
      }
      for (let times = 0; times < 2; times += 1) {
        await at.github.reviewThreads.unresolve(at.repository, threadId);
        expect(await only('one')).toMatchObject({ isResolved: false, resolvedBy: null });
      }
      expect(await only('two')).toEqual(other);
    });

    it('tell who of the people resolved them, also after the App did', async () => {
      const { commentId, threadId } = await review('one');
      at.people.resolve(commentId, 'lee');
      const byLee = { isResolved: true, resolvedBy: 'lee', resolvedById: at.idOf('lee') };
      expect(await only('one')).toMatchObject(byLee);
      await at.github.reviewThreads.resolve(at.repository, threadId);
      expect(await only('one')).toMatchObject(byLee);
      at.people.unresolve(commentId);
      const open = { isResolved: false, resolvedBy: null, resolvedById: null };
      expect(await only('one')).toMatchObject(open);
    });

    it('are minimised, and stay so when asked again with another reason', async () => {
      const { commentNodeId } = await review('one');
      await review('two');
      await at.github.reviewThreads.minimise(at.repository, commentNodeId, 'outdated');
      await at.github.reviewThreads.minimise(at.repository, commentNodeId, 'resolved');
      expect(await only('one')).toMatchObject({ isMinimised: true, isResolved: false });
      expect(await only('two')).toMatchObject({ isMinimised: false });
    });

    it('are answered by people, and not by the App', async () => {
      const { commentId } = await review('one');
      const place = { number: at.number, threadId: commentId };
      await at.github.conversations.comment(at.repository, place, 'Fixed.');
      expect(await only('one')).toMatchObject({ isAnswered: false });
      await at.people.answer(commentId);
      expect(await only('one')).toMatchObject({ isAnswered: true });
    });

    it('tell who dislikes them, everybody once', async () => {
      const { commentId } = await review('one');
      at.people.dislike(commentId, 'mona');
      at.people.dislike(commentId, 'lee');
      at.people.dislike(commentId, 'mona');
      expect((await only('one')).dislikedBy).toEqual([
        { id: at.idOf('mona'), login: 'mona' },
        { id: at.idOf('lee'), login: 'lee' },
      ]);
    });

    it('on a line that a push changed are outdated', async () => {
      const { commentId } = await review('one');
      await at.people.push(commentId);
      expect(await only('one')).toMatchObject({ isOutdated: true, commentId });
    });

    it('are gone when their first comment is deleted, or are those of who answered', async () => {
      const { commentId } = await review('one');
      const answered = await review('two');
      await at.people.answer(answered.commentId);
      at.people.delete(commentId);
      at.people.delete(answered.commentId);
      expect(await ids()).toEqual([]);
      const { conversations } = at.github;
      const gone = { commentId, isInThread: true };
      expect(await conversations.read(at.repository, gone)).toBeUndefined();
      const updating = conversations.update(at.repository, gone, 'anew');
      await expect(updating).rejects.toMatchObject({ code: 'github.not-found' });
    });

    it('have what their first comment was written anew to, at the limit of its length too', async () => {
      const { commentId } = await review('one');
      const longest = 'x'.repeat(65_536);
      const own = { commentId, isInThread: true };
      await at.github.conversations.update(at.repository, own, longest);
      expect((await list()).map(({ body }) => body)).toEqual([longest]);
    });

    it('are not resolved where the App may not write contents; all else goes on', async () => {
      const { threadId, commentNodeId } = await review('one');
      await at.people.forbidContents();
      const { reviewThreads } = at.github;
      const forbidden = { code: 'github.forbidden' };
      const resolving = reviewThreads.resolve(at.repository, threadId);
      await expect(resolving).rejects.toMatchObject(forbidden);
      const unresolving = reviewThreads.unresolve(at.repository, threadId);
      await expect(unresolving).rejects.toMatchObject(forbidden);
      await reviewThreads.minimise(at.repository, commentNodeId, 'resolved');
      expect(await only('one')).toMatchObject({ isResolved: false, isMinimised: true });
    });

    it('that are not there are not found', async () => {
      const { reviewThreads } = at.github;
      const missing = { code: 'github.not-found' };
      const no = 'PRRT_none';
      await expect(reviewThreads.resolve(at.repository, no)).rejects.toMatchObject(missing);
      await expect(reviewThreads.unresolve(at.repository, no)).rejects.toMatchObject(missing);
      const minimising = reviewThreads.minimise(at.repository, no, 'outdated');
      await expect(minimising).rejects.toMatchObject(missing);
    });

    it('do not begin on a file outside the diff', async () => {
      const commenting = onFile('README.md');
      at.expectUnprocessable();
      await expect(commenting).rejects.toMatchObject({ code: 'github.rejected' });
      expect(await list()).toEqual([]);
    });
  });
}
