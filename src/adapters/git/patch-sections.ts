import { SallyportError } from '../../errors.ts';

/** What one `diff --git` section of a patch says about its file. */
export interface PatchSection {
  /** The `index` line's two object ids; null when the content is the same on both sides. */
  readonly index: { readonly before: string; readonly after: string } | null;
  /** git shows no text for it: it holds a NUL early on, or is above `core.bigFileThreshold`. */
  readonly isBinary: boolean;
  /** Lines of the new file that were added or changed, 1-based inclusive pairs in order. */
  readonly addedLines: [number, number][];
}

interface Draft {
  index: { before: string; after: string } | null;
  isBinary: boolean;
  addedLines: [number, number][];
}

/** Lines of the running hunk that are still to come, and where it is in the new file. */
interface Hunk {
  oldLeft: number;
  newLeft: number;
  line: number;
}

const hunkPattern = /^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;
const indexPattern = /^index ([0-9a-f]{40})\.\.([0-9a-f]{40})(?: |$)/;
const fileLine = 'diff --git ';
const binaryLine = 'Binary files ';

/** Enough of a line to tell what it is: headers with ids are 90 characters. */
const prefixLength = 120;

/**
 * Reads a patch of git's section by section. Hunks are counted, so a line of a file that looks
 * like a header (`diff --git`, `@@`, `+++`) is content and nothing else. Paths are not read here:
 * sections come in the order of the raw diff. `onSection` is told where each begins.
 * @throws SallyportError `git.failed` for a patch of another form
 */
export function parsePatch(
  patch: Buffer,
  onSection: (start: number) => void = () => undefined,
): PatchSection[] {
  const sections: Draft[] = [];
  let hunk: Hunk | null = null;
  for (let start = 0; start < patch.length; ) {
    const newline = patch.indexOf(0x0a, start);
    const end = newline === -1 ? patch.length : newline;
    const section = sections.at(-1);
    if (hunk !== null && section !== undefined && isInside(hunk)) {
      readContent(patch[start], hunk, section);
    } else {
      const line = patch.toString('latin1', start, Math.min(end, start + prefixLength));
      if (line.startsWith(fileLine)) onSection(start);
      hunk = readHeader(line, sections) ?? hunk;
    }
    start = end + 1;
  }
  if (hunk !== null && isInside(hunk)) throw malformed();
  return sections;
}

function isInside(hunk: Hunk): boolean {
  return hunk.oldLeft > 0 || hunk.newLeft > 0;
}

function readHeader(line: string, sections: Draft[]): Hunk | null {
  if (line.startsWith(fileLine)) {
    sections.push({ index: null, isBinary: false, addedLines: [] });
    return null;
  }
  const section = sections.at(-1);
  if (section === undefined) throw malformed();
  const hunk = hunkPattern.exec(line);
  if (hunk !== null) {
    const [, oldCount = '1', newStart = '0', newCount = '1'] = hunk;
    return { oldLeft: Number(oldCount), newLeft: Number(newCount), line: Number(newStart) };
  }
  const index = indexPattern.exec(line);
  if (index !== null) section.index = { before: index[1] ?? '', after: index[2] ?? '' };
  if (line.startsWith(binaryLine)) section.isBinary = true;
  return null;
}

const [space, plus, minus, backslash] = [0x20, 0x2b, 0x2d, 0x5c];

function readContent(first: number | undefined, hunk: Hunk, section: Draft): void {
  // `\ No newline at end of file` belongs to the line before it.
  if (first === backslash) return;
  if (first !== space && first !== plus && first !== minus) throw malformed();
  if (first !== plus) hunk.oldLeft -= 1;
  if (first === minus) return;
  if (first === plus) addLine(section.addedLines, hunk.line);
  hunk.newLeft -= 1;
  hunk.line += 1;
}

function addLine(ranges: [number, number][], line: number): void {
  const last = ranges.at(-1);
  if (last?.[1] === line - 1) last[1] = line;
  else ranges.push([line, line]);
}

function malformed(): SallyportError {
  return new SallyportError('git.failed', 'git wrote a patch in a form that is not known');
}
