import type { Finding, Severity } from '../../../../src/domain/finding.ts';
import { makeFinding } from '../make-finding.ts';
import type { SourceFile } from '../source-file.ts';
import { builtInLinter } from './built-in-linter.ts';

/**
 * Characters that make a reviewer see something else than the compiler does: Trojan Source
 * (CVE-2021-42574), Unicode TR36 and TR55, invisible payloads in variation selectors and tags.
 */
export const hiddenText = builtInLinter('hidden-text', findHiddenText);

type Rule = {
  readonly rule: string;
  readonly severity: Severity;
  readonly pattern: RegExp;
  readonly message: string;
  /** Written languages need the character here: not suspicious. */
  readonly isOrdinary?: (line: string, at: number, match: string) => boolean;
};

const rules: readonly Rule[] = [
  {
    rule: 'bidi-control',
    severity: 'error',
    // LRE RLE PDF LRO RLO, LRI RLI FSI PDI: the nine of CVE-2021-42574.
    pattern: /[\u202a-\u202e\u2066-\u2069]/u,
    message: 'A bidirectional control shows code in another order than it runs (CVE-2021-42574)',
  },
  {
    rule: 'invisible-payload',
    severity: 'error',
    // Tag characters outside a flag emoji; runs of variation selectors: both carry hidden bytes.
    pattern: /[\u{e0000}-\u{e007f}]+|[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]{2,}/u,
    message: 'Invisible characters that can carry hidden text',
    isOrdinary: (line, at, match) => isFlagEmoji(line, at, match),
  },
  {
    rule: 'invisible-character',
    severity: 'warning',
    // Soft hyphen, marks, zero-width space and joiners, word joiner, BOM, Hangul and Mongolian fillers.
    pattern:
      /\u00ad|\u034f|\u061c|\u115f|\u1160|\u17b4|\u17b5|\u180e|[\u200b-\u200f]|[\u2060-\u2064]|[\u206a-\u206f]|\u3164|\ufeff|\uffa0/u,
    message: 'An invisible character',
    isOrdinary: (line, at, match) => isBetweenWideLetters(line, at, match),
  },
  {
    rule: 'control-character',
    severity: 'warning',
    pattern: /(?![\t\n\v\f\r\u0085])\p{Cc}/u,
    message: 'A control character: terminals act on it and hide text',
  },
];

/** One finding for each line and rule, on the first such character. */
export function findHiddenText(file: SourceFile): Finding[] {
  return file.lines.flatMap((line, index) => {
    if (/^[\t -~]*\r?$/.test(line)) return [];
    // A byte order mark at the very start of a file is what it was made for.
    const shown = index === 0 ? line.replace(/^\ufeff/, ' ') : line;
    return rules.flatMap((rule) => {
      const hit = firstMatch(rule, shown);
      return hit === null ? [] : [findingOf(file, rule, { ...hit, line: index + 1 })];
    });
  });
}

type Hit = { readonly at: number; readonly match: string };

function firstMatch(rule: Rule, line: string): Hit | null {
  for (const { 0: match, index: at } of line.matchAll(new RegExp(rule.pattern, 'gu'))) {
    if (rule.isOrdinary?.(line, at, match) !== true) return { at, match };
  }
  return null;
}

function findingOf(file: SourceFile, rule: Rule, hit: Hit & { readonly line: number }): Finding {
  const code = hit.match.codePointAt(0) ?? 0;
  const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  return makeFinding(file, {
    tool: 'hidden-text',
    rule: rule.rule,
    severity: rule.severity,
    message: `${rule.message}: ${name}.`,
    place: { line: hit.line, column: hit.at + 1, endColumn: hit.at + hit.match.length + 1 },
    unit: (_, column) => column, // already UTF-16
  });
}

/** England, Scotland, Wales: a black flag, tag letters and the cancel tag (Unicode TR51, ED-14a). */
function isFlagEmoji(line: string, at: number, match: string): boolean {
  return (
    line.slice(0, at).endsWith('\u{1f3f4}') && match.endsWith('\u{e007f}') && match.length <= 14
  );
}

/** Joiners and marks between letters of scripts that need them, or inside an emoji. */
function isBetweenWideLetters(line: string, at: number, match: string): boolean {
  if (!/\u200c|\u200d|\u200e|\u200f|\u061c/.test(match)) return false;
  const before = line.slice(0, at).at(-1) ?? '';
  const after = line.slice(at + match.length).at(0) ?? '';
  return before > '\u00ff' && (after > '\u00ff' || after === '' || after === ' ');
}
