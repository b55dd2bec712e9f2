import { setImmediate } from 'node:timers/promises';
import { keyIn } from '../domain/fingerprint.ts';
import type { RepoPath } from '../domain/repo-path.ts';
import type { SourceSnapshot } from '../ports/source.ts';
import type { KnownFinding } from './known-findings.ts';
import { PristineTexts } from './pristine-texts.ts';

/**
 * What may be looked at for all findings of a run: UTF-16 units, and what each place costs besides. Two to four
 * seconds on two busy cores, whatever the text is.
 */
const maxEffort = 200_000_000;
const effortOfAPlace = 1_000;
/** Lines by which a text may have grown, as by empty ones in between, and be the same. */
const maxMoreLines = 3;
/** What everybody else has a turn after. About 10 ms. */
const effortATurn = 500_000;

/**
 * Ids of the findings whose text is not in their file any more, nor in what that is called now. What cannot be
 * told, or would take too long, is still there: an agent that says nothing of a finding has not settled it.
 * @throws the signal's reason once it is aborted
 */
export async function goneFindings(
  snapshot: SourceSnapshot,
  known: readonly KnownFinding[],
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const texts = new PristineTexts(snapshot);
  const effort = new Effort(signal);
  const gone: string[] = [];
  for (const finding of known) {
    if (!(await isThere(snapshot, finding, { texts, effort }))) gone.push(finding.prior.id);
  }
  return gone;
}

/** Counts what is looked at. */
class Effort {
  #left = maxEffort;
  #sinceTurn = 0;
  readonly #signal: AbortSignal | undefined;

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
  }

  /** Is there some left after this? */
  async maySpend(amount: number): Promise<boolean> {
    this.#left -= amount;
    this.#sinceTurn += amount;
    if (this.#sinceTurn >= effortATurn) {
      this.#sinceTurn = 0;
      await setImmediate();
      this.#signal?.throwIfAborted();
    }
    return this.#left >= 0;
  }
}

interface Search {
  readonly texts: PristineTexts;
  readonly effort: Effort;
}

async function isThere(
  snapshot: SourceSnapshot,
  finding: KnownFinding,
  search: Search,
): Promise<boolean> {
  const { path, range } = finding.prior;
  const now = pathNow(snapshot, path);
  if (now !== undefined) return isIn(now, finding, search);
  if (range === undefined) return false;
  for (const other of newPaths(snapshot)) if (await isIn(other, finding, search)) return true;
  return false;
}

async function isIn(
  path: RepoPath,
  { prior, marks }: KnownFinding,
  { texts, effort }: Search,
): Promise<boolean> {
  const { range } = prior;
  const lines = range === undefined ? undefined : (await texts.read(path))?.lines;
  if (range === undefined || lines === undefined) return true;
  // Parts of lines are not looked for: agents that a model leads speak of whole ones.
  if (range.startColumn !== undefined || range.endColumn !== undefined) return true;
  const height = range.endLine - range.startLine;
  for (let startLine = 1; startLine <= lines.length; startLine += 1) {
    for (let more = 0; more <= maxMoreLines; more += 1) {
      const place = { startLine, endLine: startLine + height + more };
      const { key, looked } = keyIn({ ...prior, range: place }, lines);
      if (key === marks.key) return true;
      if (!(await effort.maySpend(effortOfAPlace + looked))) return true;
    }
  }
  return false;
}

/**
 * Files that the base has under no such name: a file that was renamed twice was last known by a name that neither has.
 */
function newPaths({ changedFiles }: SourceSnapshot): readonly RepoPath[] {
  return changedFiles
    .filter(({ status, kind }) => kind === 'text' && (status === 'added' || status === 'renamed'))
    .map(({ path }) => path);
}

/** What the file is called in the head; undefined where it is gone, or nobody can say. */
function pathNow(snapshot: SourceSnapshot, path: RepoPath): RepoPath | undefined {
  if (snapshot.kindInHead(path) !== undefined) return path;
  return snapshot.changedFiles.find(({ previousPath }) => previousPath === path)?.path;
}
