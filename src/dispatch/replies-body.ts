import type { TaskId } from '../domain/ids.ts';
import type { KeptReply } from '../ports/store.ts';
import { cutBlocks } from '../report/cut-blocks.ts';

/** Most answers shown in one comment. */
export const maxReplies = 10;
/** Below GitHub's 65,536, with room for what stands around the answers. */
const maxLength = 60_000;
const maxReplyLength = 20_000;

/** The hidden mark by which the comment of a thread is found again. */
export function repliesMarker(thread: TaskId): string {
  return `<!-- sallyport:replies:${thread} -->`;
}

/** One comment with these answers, newest first: the newest open, the others folded, as many as fit. */
export function repliesBody(thread: TaskId, replies: readonly KeptReply[]): string {
  const [newest = '', ...all] = replies.map(
    ({ key, text }) => `<!-- sallyport:reply:${key} -->\n${cutBlocks(text, maxReplyLength)}`,
  );
  let left = maxLength - newest.length;
  const older = all.filter((text) => {
    left -= text.length;
    return left >= 0;
  });
  const count = `${older.length} earlier ${older.length === 1 ? 'answer' : 'answers'}`;
  const folded = [`<details><summary>${count}</summary>`, older.join('\n\n---\n\n'), '</details>'];
  return [newest, ...(older.length === 0 ? [] : folded), repliesMarker(thread)].join('\n\n');
}
