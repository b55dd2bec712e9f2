import { keptSections } from './kept-sections.ts';
import { type DiffSide, parseRawDiff, type RawChange } from './raw-diff.ts';
import { readPath } from './repo-path-bytes.ts';

/** A patch and the raw diff of the same two trees, as git wrote it. */
interface Pair {
  readonly raw: Buffer;
  readonly patch: Buffer;
}

interface Looked {
  readonly patch: Buffer;
  readonly changes: readonly RawChange[];
  readonly isInput: (path: string) => Promise<boolean>;
  /** Reads the diff again, with each rename as a deletion and an addition. */
  readonly withoutRenames: () => Promise<Pair>;
}

/**
 * What an agent sees of a patch: the sections of files that are input, byte for byte. A rename of which one name alone
 * is input is, for whoever knows no other name, a whole file that comes or goes. Those are at the end.
 * @throws SallyportError `input.too-large` where the diff without renames passes what a diff may have
 */
export async function shownPatch(looked: Looked): Promise<Buffer> {
  const { patch, changes, isInput, withoutRenames } = looked;
  const kept = await keptSections(patch, changes, isInput);
  const halves = await halvesShown(changes, isInput);
  if (halves.size === 0) return kept;
  const again = await withoutRenames();
  const isHalf = async (path: string): Promise<boolean> => halves.has(path);
  return Buffer.concat([kept, await keptSections(again.patch, parseRawDiff(again.raw), isHalf)]);
}

/** Names that are input, of renames whose other name is not. */
async function halvesShown(
  changes: readonly RawChange[],
  isInput: (path: string) => Promise<boolean>,
): Promise<ReadonlySet<string>> {
  const halves = new Set<string>();
  for (const { status, before, after } of changes) {
    if (status !== 'renamed' || before === null || after === null) continue;
    const sides: string[] = [];
    for (const side of [before, after]) {
      const path = pathOf(side);
      if (path !== undefined && (await isInput(path))) sides.push(path);
    }
    const [only, other] = sides;
    if (only !== undefined && other === undefined) halves.add(only);
  }
  return halves;
}

function pathOf({ pathBytes }: DiffSide): string | undefined {
  const reading = readPath(pathBytes);
  return 'path' in reading ? reading.path : undefined;
}
