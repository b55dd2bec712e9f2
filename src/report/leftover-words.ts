import type { LeftoverReason } from './suggestions.ts';

/** Why an edit is not inline: it cannot be a suggestion, there is no room for it, or nobody can take it there any more. */
export const notInlineReasons = [
  'outside-diff',
  'not-utf8',
  'line-endings',
  'final-newline',
  'hidden-characters',
  'too-long',
  'unverified',
  'whole-file',
  'too-many',
  'older-comment',
] as const satisfies readonly (LeftoverReason | 'whole-file' | 'too-many' | 'older-comment')[];
export type NotInlineReason = (typeof notInlineReasons)[number];

const words: Readonly<Record<NotInlineReason, string>> = {
  'outside-diff': 'outside the diff',
  'not-utf8': 'not text',
  'line-endings': 'in a file with CR line endings',
  'final-newline': 'at a file end without a newline',
  'hidden-characters': 'with hidden characters',
  'too-long': 'too long',
  unverified: 'not reproduced when checked',
  'whole-file': 'making or removing a file',
  'too-many': 'over the comment limit',
  'older-comment': 'with an older comment',
};

/** `2 outside the diff, 1 too long`, in the order of first appearance. */
export function leftoverInWords(reasons: readonly NotInlineReason[]): string {
  const counts = new Map<NotInlineReason, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].map(([reason, count]) => `${count} ${words[reason]}`).join(', ');
}
