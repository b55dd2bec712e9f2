import { posix } from 'node:path';
import { RepoPath } from './repo-path.ts';

/** What Markdown shows as code, where nothing is imported: fenced blocks, then spans. */
const fences = /^[ \t]*(`{3,}|~{3,})[^\n]*\n[\s\S]*?(?:^[ \t]*\1[^\n]*$|(?![\s\S]))/gm;
const spans = /(`+)[^`][\s\S]*?\1/g;
/** `@` and a path, a blank in it after a backslash. */
const reference = /(?:^|\s)@((?:[^\s\\]|\\ )+)/g;
/** What ends a sentence, and no path. */
const punctuation = /[.,;:!?)\]}'"]+$/;

/**
 * Where a file that steers agents imports others: `@path`, from the folder of the file, as Claude Code, Gemini CLI and
 * Qwen Code read it. Absolute paths and those of a home are none: they lead out of the repository. Without repeats.
 */
export function importsIn(text: string, folder: string): readonly RepoPath[] {
  const prose = text.replace(fences, '').replace(spans, '');
  const paths = [...prose.matchAll(reference)].flatMap(([, said = '']) => {
    const path = pathOf(said.replaceAll('\\ ', ' ').replace(punctuation, ''), folder);
    return path === undefined ? [] : [path];
  });
  return [...new Set(paths)];
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
