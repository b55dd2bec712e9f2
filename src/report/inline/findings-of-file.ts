import type { Finding } from '../../domain/finding.ts';

/** A finding and its position in the outcome. */
export interface PlacedFinding {
  readonly at: number;
  readonly finding: Finding;
}

/** First and last line. */
interface Lines {
  readonly startLine: number;
  readonly endLine: number;
}

/**
 * The findings of one file, and which of them a suggestion speaks of already. Thousands may be about the same lines as
 * thousands of suggestions: each is taken once, and then never looked at for another.
 */
export class FindingsOfFile {
  readonly #all: readonly PlacedFinding[];
  readonly #taken: number[] = [];
  #left: readonly PlacedFinding[];

  /** `findings`: the worst first. */
  constructor(findings: readonly PlacedFinding[]) {
    this.#all = findings;
    this.#left = findings;
  }

  /** Positions of those that were taken. */
  get taken(): readonly number[] {
    return this.#taken;
  }

  /** The worst on these lines, taken or not. */
  worstOn(lines: Lines): PlacedFinding | undefined {
    return this.#all.find(({ finding }) => overlaps(finding, lines));
  }

  /** Takes all on these lines that are left; the worst of them. */
  take(lines: Lines): PlacedFinding | undefined {
    const worst = this.#left.find(({ finding }) => overlaps(finding, lines));
    if (worst === undefined) return undefined;
    const left: PlacedFinding[] = [];
    for (const one of this.#left) {
      if (overlaps(one.finding, lines)) this.#taken.push(one.at);
      else left.push(one);
    }
    this.#left = left;
    return worst;
  }
}

function overlaps({ range }: Finding, { startLine, endLine }: Lines): boolean {
  return range !== undefined && range.startLine <= endLine && range.endLine >= startLine;
}
