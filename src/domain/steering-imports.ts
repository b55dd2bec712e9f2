import { posix } from 'node:path';
import { RepoPath } from './repo-path.ts';

/** The line that opens a fenced block. */
const fence = /^[ \t]*(`{3,}|~{3,})/;
/** `@` and a path, a blank in it after a backslash. */
const reference = /(?:^|\s)@((?:[^\s\\]|\\ )+)/g;
/** What ends a sentence, and no path. */
const punctuation: ReadonlySet<string | undefined> = new Set('.,;:!?)]}\'"');

/**
 * Where a file that steers agents imports others: `@path`, from the folder of the file, as Claude Code, Gemini CLI and
 * Qwen Code read it; what Markdown shows as code imports nothing. Absolute paths and those of a home are none: they lead
 * out of the repository. Without repeats. Takes time in proportion to the text, whatever it is.
 */
export function importsIn(text: string, folder: string): readonly RepoPath[] {
  const prose = withoutSpans(withoutBlocks(text));
  const said = new Set([...prose.matchAll(reference)].map(([, name = '']) => name));
  const paths = [...said].flatMap((name) => {
    const path = pathOf(withoutEnd(name.replaceAll('\\ ', ' ')), folder);
    return path === undefined ? [] : [path];
  });
  return [...new Set(paths)];
}

function withoutBlocks(text: string): string {
  let open: string | undefined;
  const kept = text.split('\n').filter((line) => {
    const was = open;
    if (was === undefined) open = fence.exec(line)?.[1];
    else if (line.replace(/^[ \t]+/, '').startsWith(was)) open = undefined;
    return was === undefined && open === undefined;
  });
  return kept.join('\n');
}

/** A span is from one run of backticks to the next that is as long; one that has none is itself. */
function withoutSpans(text: string): string {
  const runs = [...text.matchAll(/`+/g)];
  const nextOf = new Map<number, number>();
  const ends = new Map<number, number>();
  for (const { 0: run, index } of runs.toReversed()) {
    const next = nextOf.get(run.length);
    if (next !== undefined) ends.set(index, next + run.length);
    nextOf.set(run.length, index);
  }
  let [kept, from] = ['', 0];
  for (const { index } of runs) {
    const end = ends.get(index);
    if (end === undefined || index < from) continue;
    kept += text.slice(from, index);
    from = end;
  }
  return kept + text.slice(from);
}

function withoutEnd(name: string): string {
  let end = name.length;
  while (punctuation.has(name[end - 1])) end -= 1;
  return name.slice(0, end);
}

function pathOf(said: string, folder: string): RepoPath | undefined {
  if (said === '' || /^[/~]/.test(said)) return undefined;
  return RepoPath.safeParse(posix.join(folder, said)).data;
}

const documents = /\.(?:md|mdx|mdc|markdown|txt|rst|adoc)$/i;

/** Is it text for readers alone, by its name? Anything else may be what the code of the head needs to work. */
export function isDocument(path: string): boolean {
  const name = posix.basename(path);
  return documents.test(name) || !name.includes('.');
}
