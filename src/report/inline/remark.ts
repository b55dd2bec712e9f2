import type { Finding } from '../../domain/finding.ts';
import { renderSuggestion } from '../render-suggestion.ts';
import { safeMarkdown } from '../safe-markdown.ts';
import { safeCode } from '../sanitise.ts';
import type { Suggestion } from '../suggestions.ts';

const maxMessageLength = 4_000;

/** What stands in a comment: the words of the finding, if there is one, and the suggestion, if there is one. */
export function remarkOn(
  { agent, linkHosts }: { readonly agent: string; readonly linkHosts: readonly string[] },
  finding: Finding | undefined,
  suggestion?: Suggestion,
): string {
  const words =
    finding === undefined ? `Suggested change by ${safeCode(agent)}` : describe(finding, linkHosts);
  return suggestion === undefined ? words : renderSuggestion(suggestion, words);
}

function describe(finding: Finding, linkHosts: readonly string[]): string {
  const message = safeMarkdown(finding.message, maxMessageLength, { linkHosts });
  return `${safeCode(`${finding.tool}: ${finding.rule}`)}\n\n${message}`;
}
