import type { TaskId } from '../domain/ids.ts';
import type { KeptReply } from '../ports/store.ts';
import { counted } from '../report/counted.ts';
import { cutBlocks } from '../report/cut-blocks.ts';
import { fitItems } from '../report/fit-items.ts';

/** Most answers shown in one comment. */
export const maxReplies = 10;
/** Below GitHub's 65,536, with room for what stands around the answers. */
const maxLength = 60_000;
const maxReplyLength = 20_000;

/** The hidden mark by which the comment of a thread is found again. */
export function repliesMarker(thread: TaskId): string {
  return `<!-- sallyport:replies:${thread} -->`;
}

/**
 * One comment with these answers, newest first: the newest open, the others folded, as many as fit, and how many
 * did not.
 */
export function repliesBody(thread: TaskId, replies: readonly KeptReply[]): string {
  const [newest = '', ...earlier] = replies.map(
    ({ key, text }) => `<!-- sallyport:reply:${key} -->\n${cutBlocks(text, maxReplyLength)}`,
  );
  return [newest, ...folded(earlier, maxLength - newest.length), repliesMarker(thread)].join(
    '\n\n',
  );
}

function folded(answers: readonly string[], maxBytes: number): readonly string[] {
  if (answers.length === 0) return [];
  const { kept, cut } = fitItems(answers, maxBytes);
  const rest = cut === 0 ? [] : [`… and ${counted(cut, 'answer')} before, too long to show here.`];
  return [
    `<details><summary>${counted(answers.length, 'earlier answer')}</summary>`,
    [...kept, ...rest].join('\n\n---\n\n'),
    '</details>',
  ];
}
