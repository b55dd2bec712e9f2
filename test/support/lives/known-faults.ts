import { findingIdIn } from '../../../src/report/inline/marker.ts';
import type { FakeThread } from '../fakes/fake-review-threads.ts';
import { whereabouts } from './played-gone.ts';
import type { PlayedShow } from './played-life.ts';
import type { PlayedAct } from './played-people.ts';
import { isResolvedByPerson } from './played-people.ts';
import type { PlayedBranch } from './played-pushes.ts';
import type { Sighted } from './played-review.ts';

type Place = Pick<Sighted, 'path' | 'around' | 'file' | 'line'>;

/** What should be known of a fault. */
export interface KnownFault {
  readonly token: string;
  readonly tool: string;
  readonly firstPath: string;
  /** Of it and its equals, where they were seen last. */
  places: readonly Place[];
  readonly hasFingerprint: boolean;
  fate: 'open' | 'fixed' | 'dismissed';
  /** It had equals, or changed its file and all around it: nobody can tell for sure which it is. */
  isMurky: boolean;
  /** Most comments that may ever be made on it. */
  allowed: number;
  comments: number;
  isWaived: boolean;
  /** Of the last publishing: is it one of its findings, and was it open before? */
  isSeen: boolean;
  wasOpen: boolean;
  /** How often it came back. */
  returns: number;
}

/** The token of the finding whose words stand in a text. */
export function tokenIn(text: string): string | undefined {
  return /Problem ([a-z]+)/.exec(text)?.[1];
}

/** What ought to be remembered of a pull request, told from its true faults and from what people did. */
export class KnownFaults {
  readonly byToken = new Map<string, KnownFault>();
  readonly #tokenOfId = new Map<string, string>();

  /** What somebody did. Where it is told by an id, that is of a finding of an earlier publishing. */
  note(act: PlayedAct): void {
    if (act.did !== 'dismissed' || act.id === null) return;
    const fault = this.byToken.get(this.#tokenOfId.get(act.id) ?? '');
    if (fault === undefined) return;
    fault.fate = 'dismissed';
    fault.isWaived ||= act.waives;
  }

  /** What people did in threads counts from the next look on. `countsFor`: ids of those whose 👎 says something. */
  look(threads: readonly FakeThread[], countsFor: ReadonlySet<number>): void {
    for (const thread of threads) {
      if (findingIdIn(thread.body) === undefined) continue;
      const fault = this.byToken.get(tokenIn(thread.body) ?? '');
      if (fault?.fate !== 'open') continue;
      const isDisliked = thread.dislikedBy.some(({ id }) => countsFor.has(id));
      const isDismissed = isResolvedByPerson(thread) || (!thread.isResolved && isDisliked);
      if (isDismissed) fault.fate = 'dismissed';
    }
  }

  /**
   * What a review saw. `ids`: of its findings, in their order. `branch`: of an agent with a model, whose silence settles
   * nothing.
   */
  see(
    { review, mishaps }: PlayedShow,
    ids: readonly string[],
    branch: PlayedBranch | undefined,
  ): void {
    for (const [at, { fault }] of review.sighted.entries())
      this.#tokenOfId.set(ids[at] ?? '', fault.token);
    const groups = Map.groupBy(review.sighted, ({ fault }) => fault.token);
    for (const fault of this.byToken.values()) {
      fault.wasOpen = fault.fate === 'open';
      fault.isSeen = groups.has(fault.token);
      const isCut = review.sighted.length >= mishaps.most;
      const isLooked = ![fault.tool, 'linters'].some((tool) => mishaps.failedTools.includes(tool));
      const where = branch && whereabouts(branch, fault.places);
      fault.isMurky ||= !fault.isSeen && where === 'unclear';
      const isOver = where === undefined ? isLooked && !isCut : where === 'gone';
      const isGone = !fault.isSeen && isOver;
      if (isGone && fault.fate === 'open') fault.fate = 'fixed';
    }
    for (const sighted of groups.values()) this.#see(sighted);
  }

  #see(sighted: readonly Sighted[]): void {
    const [first] = sighted;
    if (first === undefined) return;
    const { fault, path } = first;
    const { token, tool, hasFingerprint } = fault;
    const known = this.byToken.get(token);
    if (known === undefined) {
      this.byToken.set(token, {
        token,
        tool,
        firstPath: path,
        places: sighted,
        hasFingerprint,
        fate: 'open',
        isMurky: sighted.length > 1,
        allowed: sighted.length,
        comments: 0,
        isWaived: false,
        isSeen: true,
        wasOpen: false,
        returns: 0,
      });
      return;
    }
    const lost = hasFingerprint ? 0 : countLost(known.places, sighted);
    known.isMurky ||= lost > 0 || sighted.length > 1;
    known.allowed += lost;
    if (known.fate === 'fixed') {
      known.fate = 'open';
      known.returns += 1;
    }
    known.places = sighted;
  }
}

/**
 * How many are neither in a file in which one was, nor among the lines that were around one. Of several equals the
 * lines around tell nothing: another that is in its file still may be taken for the one that left.
 */
function countLost(before: readonly Place[], now: readonly Place[]): number {
  const left = [...before];
  const isMatched = ({ path, around }: Place): boolean => {
    const inFile = left.findIndex((one) => one.path === path);
    const isAlone = before.length === 1 && now.length === 1;
    const at = inFile === -1 && isAlone ? left.findIndex((one) => one.around === around) : inFile;
    if (at !== -1) left.splice(at, 1);
    return at !== -1;
  };
  return now.filter((place) => !isMatched(place)).length;
}
