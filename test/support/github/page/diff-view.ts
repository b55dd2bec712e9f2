import type { ReviewComment } from '../records.ts';
import { html, type SafeHtml } from './html.ts';
import { type FenceView, markdown } from './markdown.ts';

const CLASSES: Readonly<Record<string, string>> = { '+': 'add', '-': 'del', '@': 'hunk' };

/** Diff lines, coloured by their first character. */
export function viewDiff(lines: readonly string[]): SafeHtml {
  return html`<pre class="diff"><code>${lines.map(viewDiffLine)}</code></pre>`;
}

function viewDiffLine(line: string): SafeHtml {
  return html`<span class="${CLASSES[line.charAt(0)] ?? 'same'}">${line === '' ? ' ' : line}</span>`;
}

/** The body of a review comment; its suggestions are shown as what they would change. */
export function viewReviewBody(comment: ReviewComment): SafeHtml {
  const fence: FenceView = (info, lines) => {
    if (info !== 'suggestion') return undefined;
    const removed = targetLines(comment).map((line) => `-${line}`);
    const added = lines.map((line) => `+${line}`);
    return html`<div class="suggestion"><p class="muted">Suggested change</p>${viewDiff([...removed, ...added])}</div>`;
  };
  return markdown(comment.body, fence);
}

/** The lines that a suggestion replaces: the last ones of the hunk, which ends at the commented line. */
function targetLines({ anchor }: ReviewComment): string[] {
  const { originalLine, originalStartLine, diffHunk } = anchor;
  if (originalLine === null) return [];
  const count = originalLine - (originalStartLine ?? originalLine) + 1;
  const right = diffHunk
    .split('\n')
    .slice(1)
    .filter((line) => line.startsWith(' ') || line.startsWith('+'));
  return right.slice(-count).map((line) => line.slice(1));
}
