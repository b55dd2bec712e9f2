import { findingIdIn, isSaidFixed } from '../../../src/report/inline/marker.ts';
import type { FakeThread } from '../fakes/fake-review-threads.ts';
import { hold } from './hold.ts';
import { type KnownFault, type KnownFaults, tokenIn } from './known-faults.ts';
import type { PlayedLife, PlayedShow } from './played-life.ts';
import { isResolvedByPerson, type PlayedAct } from './played-people.ts';

/** What is held of our comments and their threads, over one life. */
export class HeldThreads {
  /** Comments ever made on what no finding speaks of: changes by what they put in place, files by their path. */
  readonly others = new Map<string, number>();
  readonly #life: PlayedLife;
  readonly #known: KnownFaults;
  readonly #dismissedOthers = new Set<string>();
  /** How often the lines of a change went to another file: back among other lines, nobody can tell that it is the same. */
  readonly #moves = new Map<string, number>();
  #away: ReadonlySet<string> = new Set();
  readonly #answered = new Set<number>();
  readonly #unresolved = new Set<number>();
  #minimised: ReadonlySet<FakeThread> = new Set();
  #dismissed: ReadonlySet<string> = new Set();

  constructor(life: PlayedLife, known: KnownFaults) {
    this.#life = life;
    this.#known = known;
  }

  note(act: PlayedAct): void {
    if (act.did === 'answered') this.#answered.add(act.thread.commentId);
    if (act.did === 'unresolved') this.#unresolved.add(act.thread.commentId);
  }

  /** Before something is published. */
  look(): void {
    const { threads } = this.#life;
    this.#minimised = new Set(threads.filter((one) => one.isMinimised));
    const resolved = threads.filter(isResolvedByPerson);
    for (const thread of resolved) this.#dismissedOthers.add(otherOf(thread));
    const faults = [...this.#known.byToken.values()];
    const dismissed = faults.filter(({ fate }) => fate === 'dismissed');
    this.#dismissed = new Set(dismissed.map(({ token }) => token));
  }

  /** After it, when all is known that the review saw. */
  hold(show: PlayedShow): void {
    const { made, rules } = show;
    const onLines = made.filter(({ line }) => line !== null).length;
    hold(onLines <= rules.maxComments, `${onLines} comments in one review`);
    const onFiles = made.length - onLines;
    hold(onFiles <= rules.maxFileComments, `${onFiles} comments on files`);
    for (const thread of made) {
      const fault = this.#known.byToken.get(tokenIn(thread.body) ?? '');
      if (fault === undefined) this.#holdOther(otherOf(thread));
      else this.#holdNew(fault);
    }
    for (const thread of this.#life.threads) this.#holdThread(thread);
    this.#noteMoves();
  }

  #noteMoves(): void {
    const away = new Set<string>();
    for (const { path, lines } of this.#life.branch.files) {
      const texts = lines.flatMap(({ tidied }) => tidied?.replace(/\s+/g, '') ?? []);
      for (const other of this.others.keys()) {
        const isThere = other.startsWith(`change ${path} `);
        if (!isThere && texts.some((text) => other.includes(text))) away.add(other);
      }
    }
    for (const other of away) {
      if (!this.#away.has(other)) this.#moves.set(other, this.#movesOf(other) + 1);
    }
    this.#away = away;
  }

  #movesOf(other: string): number {
    return this.#moves.get(other) ?? 0;
  }

  #holdOther(other: string): void {
    const count = (this.others.get(other) ?? 0) + 1;
    this.others.set(other, count);
    const moves = this.#movesOf(other);
    hold(count <= 1 + moves, `${count} comments on ${other} after ${moves} moves`);
    hold(moves > 0 || !this.#dismissedOthers.has(other), `${other} was dismissed`);
  }

  /** Nothing is said twice, nor of what is not there, nor of what people dismissed. */
  #holdNew(fault: KnownFault): void {
    fault.comments += 1;
    const { comments, allowed, isSeen, token, isMurky } = fault;
    hold(comments <= allowed, `${comments} comments on ${token}, not ${allowed}`);
    hold(isSeen, `a new comment on ${token}, which is gone`);
    hold(isMurky || !this.#dismissed.has(token), `${token} was dismissed`);
  }

  #holdThread(thread: FakeThread): void {
    const { commentId, body, isMinimised } = thread;
    const isNewlyHidden = isMinimised && !this.#minimised.has(thread);
    hold(!(this.#answered.has(commentId) && isNewlyHidden), `answered and hidden: ${body}`);
    const fault = this.#known.byToken.get(tokenIn(body) ?? '');
    const isOurs = findingIdIn(body) !== undefined;
    if (!isOurs || fault === undefined || fault.isMurky || fault.fate === 'dismissed') return;
    const { mayResolve } = this.#life.world.github.reviewThreads;
    // Somebody resolved it after it was fixed, and we may not open it again.
    if (!mayResolve && thread.isResolved && isSaidFixed(body)) return;
    if (fault.fate === 'open') holdOpen(fault, thread);
    else {
      hold(isSaidFixed(body), `${fault.token} is fixed and not said to be:\n${body}`);
      const isFolded = !mayResolve && (isMinimised || thread.isAnswered);
      const isClosed = thread.isResolved || this.#unresolved.has(commentId) || isFolded;
      hold(isClosed, `${fault.token} is fixed, its thread not resolved`);
    }
  }
}

function holdOpen(fault: KnownFault, thread: FakeThread): void {
  hold(!isSaidFixed(thread.body), `${fault.token} is there and said to be fixed`);
  hold(!thread.isResolved, `${fault.token} is there, its thread resolved`);
  const isOld = fault.isSeen && fault.wasOpen && thread.line !== null;
  const isLeft = isOld && thread.isOutdated && !thread.isAnswered && !thread.isMinimised;
  hold(!isLeft, `the outdated thread of ${fault.token} is left`);
}

/** What a comment is about of which no finding speaks. */
function otherOf({ body, path, line }: Pick<FakeThread, 'body' | 'path' | 'line'>): string {
  if (line === null) return `file ${path}`;
  const block = /```+suggestion\n([\s\S]*?)```/.exec(body)?.[1] ?? body;
  return `change ${path} ${block.replace(/\s+/g, '')}`;
}
