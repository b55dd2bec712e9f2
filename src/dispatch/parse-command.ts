/** What a person may ask for in a comment. */
export type Command =
  | { readonly name: 'help' }
  | { readonly name: 'review' }
  | { readonly name: 'fix'; readonly instructions: string | null }
  /** `target` is the start of a commit SHA or a task id that the approval names, or null for the one waiting. */
  | { readonly name: 'approve'; readonly target: string | null }
  | { readonly name: 'reject'; readonly reason: string | null }
  | { readonly name: 'unknown'; readonly word: string };

/** Most commands taken from one comment; more is a flood. */
const maxCommands = 5;
const prefix = /^\/sallyport(?:[ \t]+(?<word>[^\s]+)(?:[ \t]+(?<rest>.*))?)?[ \t]*$/;

/**
 * Commands of a comment, in order: one a line, at the start of the line, not inside code blocks,
 * quotes or HTML comments, so that quoting a command never runs it.
 */
export function parseCommands(body: string): readonly Command[] {
  const commands: Command[] = [];
  for (const line of commandLines(body)) {
    const match = prefix.exec(line);
    if (match === null) continue;
    commands.push(
      toCommand(match.groups?.['word'] ?? 'help', match.groups?.['rest']?.trim() || null),
    );
    if (commands.length === maxCommands) break;
  }
  return commands;
}

function toCommand(word: string, rest: string | null): Command {
  switch (word.toLowerCase()) {
    case 'help':
      return { name: 'help' };
    case 'review':
      return { name: 'review' };
    case 'fix':
      return { name: 'fix', instructions: rest?.slice(0, 4_000) ?? null };
    case 'approve':
      return { name: 'approve', target: rest };
    case 'reject':
      return { name: 'reject', reason: rest?.slice(0, 500) ?? null };
    default:
      return { name: 'unknown', word: word.slice(0, 40) };
  }
}

/** Lines of `body` that stand for themselves in Markdown. Indented code is excluded by anchoring. */
function commandLines(body: string): readonly string[] {
  const lines: string[] = [];
  let fence: string | undefined;
  for (const line of withoutHtmlComments(body).split(/\r\n|\r|\n/)) {
    const mark = /^ {0,3}(?<mark>`{3,}|~{3,})(?<info>.*)$/.exec(line);
    if (fence !== undefined) {
      if (closes(fence, mark)) fence = undefined;
      continue;
    }
    if (mark?.groups?.['mark'] !== undefined && !isInlineCode(mark)) {
      fence = mark.groups['mark'];
      continue;
    }
    lines.push(line);
  }
  return lines;
}

function closes(fence: string, mark: RegExpExecArray | null): boolean {
  const closing = mark?.groups?.['mark'];
  if (closing === undefined || mark?.groups?.['info']?.trim() !== '') return false;
  return closing[0] === fence[0] && closing.length >= fence.length;
}

/** CommonMark: the info string of a backtick fence has no backtick. */
function isInlineCode(mark: RegExpExecArray): boolean {
  return mark[0].trimStart().startsWith('`') && (mark.groups?.['info']?.includes('`') ?? false);
}

/** An unclosed comment hides the rest, as GitHub renders it. Lines are kept so that anchoring holds. */
function withoutHtmlComments(body: string): string {
  return body.replace(/<!--[\s\S]*?(?:-->|$)/g, (comment) => comment.replace(/[^\r\n]+/g, ' '));
}
