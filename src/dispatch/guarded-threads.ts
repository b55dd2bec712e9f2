import { SallyportError } from '../errors.ts';
import type { ReviewThreads } from '../ports/review-threads.ts';
import type { OutgoingGuard } from './outgoing-guard.ts';

/** Threads with the guard's look at the text of a comment on a file. One whose path has a secret is refused. */
export function guardedThreads(threads: ReviewThreads, guard: OutgoingGuard): ReviewThreads {
  return {
    list: (...question) => threads.list(...question),
    resolve: (...wish) => threads.resolve(...wish),
    unresolve: (...wish) => threads.unresolve(...wish),
    minimise: (...wish) => threads.minimise(...wish),
    commentOnFile: async (repository, number, comment) => {
      const shown = await guard.pass(repository, { where: 'comment' }, (it) => ({
        isRefused: it.has(comment.path),
        body: it.text(comment.body),
      }));
      if (shown.isRefused) throw new SallyportError('output.secret', 'a secret in a path');
      return threads.commentOnFile(repository, number, { ...comment, body: shown.body });
    },
  };
}
