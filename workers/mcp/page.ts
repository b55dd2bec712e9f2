import { Refusal } from './agent-tool.ts';

/** Characters of one answer: more and a model's window is full of it. */
const maxPage = 60_000;

/** A part of a long text from `offset` on, with a note of how to go on. @throws Refusal behind its end */
export function pageOf(text: string, offset = 0): string {
  if (offset > text.length)
    throw new Refusal(`offset: ${offset} is behind the end, which is at ${text.length}.`);
  const end = offset + maxPage;
  const part = text.slice(offset, end);
  return end < text.length
    ? `${part}\n[${text.length - end} more characters: call again with offset ${end}]`
    : part;
}
