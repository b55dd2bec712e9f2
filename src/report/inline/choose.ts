import type { NotInlineReason } from '../leftover-words.ts';
import type { Candidate } from './candidates.ts';
import { findingMarker, maxWordLength } from './marker.ts';
import type { Fate } from './remember.ts';

/** GitHub refuses longer comments with "body is too long" (observed, undocumented). */
const maxBodyLength = 65_536 - maxWordLength;

/** A candidate and what is known of its subject. */
export interface KnownCandidate {
  readonly candidate: Candidate;
  readonly id: string;
  readonly fate: Fate;
  /** Does it stand on the pull request already, whether people left it there or not? */
  readonly isShown: boolean;
  /** Is the comment that stands there of no use to take its edit: outdated, as GitHub calls it, or with another one or none? */
  readonly isStale: boolean;
}

/** A comment that is to be made, with its mark. */
export interface ChosenComment {
  readonly id: string;
  readonly body: string;
  readonly candidate: Candidate;
}

/** What is to be said, and of each edit that has no place but the check the reason. */
export interface Chosen {
  readonly comments: readonly ChosenComment[];
  readonly notInline: readonly NotInlineReason[];
}

/**
 * Chooses what to say on the diff, worst first. Nothing is said twice, whatever became of the first comment. What is new
 * has `most` places; what was there before and found none takes what is left of them beside those that stand open.
 */
export function choose(
  known: readonly KnownCandidate[],
  { most, open }: { readonly most: number; readonly open: number },
): Chosen {
  const unsaid = known.filter(({ fate, isShown }) => !isShown && fate !== 'dismissed');
  const isOld = ({ fate }: KnownCandidate) => fate === 'persisting' || fate === 'returned';
  const comments: ChosenComment[] = [];
  const notInline: NotInlineReason[] = known.filter(isOutOfReach).map(() => 'older-comment');
  const take = (wanted: readonly KnownCandidate[], places: number): void => {
    const until = comments.length + Math.max(0, places);
    for (const { candidate, id } of wanted) {
      if (comments.length >= until) notInline.push(...candidate.edits);
      else {
        const body = bodyOf(candidate, id);
        if (body === undefined) notInline.push(...tooLong(candidate));
        else comments.push({ id, body, candidate });
      }
    }
  };
  take(
    unsaid.filter((one) => !isOld(one)),
    most,
  );
  take(unsaid.filter(isOld), Math.min(most - comments.length, most - comments.length - open));
  return { comments, notInline };
}

/** Is it a suggestion that is there and cannot be taken? A comment on a file has no button, and is written anew. */
function isOutOfReach({ candidate, fate, isShown, isStale }: KnownCandidate): boolean {
  return candidate.kind === 'suggestion' && isShown && isStale && fate !== 'dismissed';
}

/** The comment's Markdown with its mark; undefined where there is nothing to show, or too much. */
export function bodyOf({ render }: Candidate, id: string): string | undefined {
  const text = render();
  const body = text === undefined ? undefined : `${findingMarker(id)}\n\n${text}`;
  return body !== undefined && body.length <= maxBodyLength ? body : undefined;
}

/** A file keeps the reasons of its edits: they have no place on lines whatever the length. */
function tooLong({ kind, edits }: Candidate): readonly NotInlineReason[] {
  return kind === 'file' ? edits : edits.map(() => 'too-long');
}
