import type { Suggestion } from './suggestions.ts';

/**
 * The Markdown of a review comment that carries a suggestion. `message` is Markdown that is safe already
 * (`safeText`). The replacement stands byte for byte inside a fence that nothing in it can close.
 */
export function renderSuggestion(suggestion: Suggestion, message: string): string {
  return `${message}\n\n${offerOf(suggestion)}`;
}

/** The block of which GitHub makes a button that puts the replacement there. */
export function offerOf({ replacement }: Suggestion): string {
  return fenced('suggestion', replacement);
}

/**
 * A fenced code block around `content`, which is empty or ends with a line feed. The fence is longer than
 * any run of backticks in it: CommonMark closes a fence only with a run at least as long as the opening.
 */
export function fenced(info: string, content: string): string {
  const runs = content.match(/`+/g) ?? [];
  const longest = runs.reduce((length, run) => Math.max(length, run.length), 2);
  const fence = '`'.repeat(longest + 1);
  return `${fence}${info}\n${content}${fence}`;
}
