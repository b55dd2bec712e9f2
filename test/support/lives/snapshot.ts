import { number, repository } from '../fakes/world.ts';
import type { PlayedLife } from './played-life.ts';

/**
 * All that people see of a life, and all that is remembered of its findings, without what differs from one
 * undisturbed life to the next: numbers that GitHub gives, times, and the ledger's head.
 */
export async function snapshotOf({ world }: PlayedLife): Promise<string> {
  const { github, store } = world;
  const threads = github.reviewThreads.threads.map((thread) => {
    const { commentId: _1, threadId: _2, commentNodeId: _3, ...seen } = thread;
    return JSON.stringify(seen);
  });
  const checks = [...github.runs.values()].map(({ externalId, state, output, annotations }) => {
    return { externalId, state, title: output.title, annotations };
  });
  const reviews = github.reviews.map(({ body, headSha, comments }) => ({
    body,
    headSha,
    comments,
  }));
  const key = { repositoryId: repository.repositoryId, number };
  const records = (await store.findings.ofPullRequest(key, 'review')).map((record) => {
    const { dismissal } = record;
    return { ...record, dismissal: dismissal === null ? null : { ...dismissal, atMs: 0 } };
  });
  const said = github.comments.map(({ body }) => body);
  const tasks = [...store.tasks.rows.values()].map(({ id, state, checkConcluded }) => {
    return { id, state, checkConcluded };
  });
  const all = { threads: threads.sort(), checks, reviews, records, said, tasks };
  return JSON.stringify(all, null, 1);
}
