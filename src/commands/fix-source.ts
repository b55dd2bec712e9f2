import { FindingId } from '../domain/finding-record.ts';

/** What a fix is asked to start from, besides the words of who asks. */
export interface FixSource {
  /** Ids of findings on the pull request. */
  readonly findings: readonly string[];
  /** The name of a check, in quotes; null: none was named for sure. */
  readonly check: string | null;
  /**
   * What follows the word `check` without quotes. It begins with the name of a check, or it is what is to be done:
   * `check the spelling`.
   */
  readonly maybeCheck: string | null;
  /** What is left. */
  readonly instructions: string | null;
}

const quoted = /^check[ \t]+"([^"]{1,255})"(?:[ \t]+|$)/i;
const bare = /^check[ \t]+(?=\S)/i;

/** Reads `[id…|check NAME] [instructions]`, as it stands after `/sallyport fix`. */
export function readFixSource(text: string | null): FixSource {
  const nothing = { findings: [], check: null, maybeCheck: null, instructions: text };
  if (text === null) return nothing;
  const named = quoted.exec(text);
  if (named !== null) {
    const rest = text.slice(named[0].length);
    return { ...nothing, check: String(named[1]), instructions: rest || null };
  }
  const word = bare.exec(text);
  if (word !== null) return { ...nothing, maybeCheck: text.slice(word[0].length) };
  return { ...nothing, ...readIds(text) };
}

function readIds(text: string): Pick<FixSource, 'findings' | 'instructions'> {
  const findings: string[] = [];
  let rest = text;
  for (;;) {
    const [word = ''] = rest.split(/[ \t]/, 1);
    if (!FindingId.safeParse(word).success) break;
    if (!findings.includes(word)) findings.push(word);
    rest = rest.slice(word.length).replace(/^[ \t]+/, '');
  }
  return { findings, instructions: rest || null };
}
