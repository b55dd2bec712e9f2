import { showHiddenCharacters } from '../domain/hidden-characters.ts';
import { joinWithin } from './cut-text.ts';

/**
 * An empty-width space as an entity. GitHub looks for mentions, references and addresses in the rendered
 * text, where backslashes and other entities are gone already: only a character in between stops it.
 */
const gap = '&#8203;';

/** Longest match first; everything else is one code point. */
const token =
  /^\d{1,9}[.)]|^[-+=/]|GH-(?=\d)|www\.|(?:mailto|xmpp):|::+(?:\/\/)?|:\/\/|[@#]|[&<>|]|[\\`*_~[\](){}!$^]|[\s\S]/giu;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  // An entity and not a backslash: in a table cell, a backslash before it could itself be escaped.
  '|': '&#124;',
};

/**
 * Hostile text as one paragraph of Markdown that shows it and does nothing: no mention, reference, link,
 * image, HTML, code, list, heading, slash command or workflow command, and no invisible character.
 * Line breaks become spaces. At most `max` UTF-16 units of Markdown, with a note when it was cut.
 */
export function safeText(text: string, max: number): string {
  const line = oneLine(text);
  const pieces = [...line.matchAll(token)].map((match) => neutralise(match[0], match.index === 0));
  return joinWithin(pieces, max);
}

/**
 * Hostile text as inline code, on one line, at most about 1,000 characters of it. GitHub looks for nothing
 * in code. Must not stand in a table: a pipe would end the cell and open the code.
 */
export function safeCode(text: string): string {
  const content = joinWithin(Array.from(oneLine(text)), maxCodeLength);
  const runs = content.match(/`+/g) ?? [];
  const longest = runs.reduce((length, run) => Math.max(length, run.length), 0);
  const fence = '`'.repeat(longest + 1);
  // CommonMark takes one space off both ends; without them a backtick at an end would join the fence.
  return content === '' || /^`|`$/.test(content)
    ? `${fence} ${content} ${fence}`
    : `${fence}${content}${fence}`;
}

/**
 * Hostile text for places that show it raw (annotations, terminals, logs): control, bidi and invisible
 * characters are spelled out, workflow commands broken; line feeds and tabs stay. At most `max` UTF-16 units.
 */
export function plain(text: string, max: number): string {
  const shown = showHiddenCharacters(text.replaceAll('\r\n', '\n'));
  // The GitHub runner obeys `::command::` at the start of a line and `##[command]` anywhere in it;
  // Azure Pipelines obeys `##vso[…]`.
  const broken = shown.replace(/^([^\S\n]*):(?=:)/gm, '$1: ').replace(/##(?=\w*\[)/g, '## ');
  return joinWithin(Array.from(broken), max);
}

/** `plain` on one line, for titles and list rows. */
export function plainLine(text: string, max: number): string {
  return plain(oneLine(text), max);
}

const maxCodeLength = 1_000;

function oneLine(text: string): string {
  return showHiddenCharacters(text.replaceAll('\r\n', '\n')).replace(/\s+/g, ' ').trim();
}

function neutralise(piece: string, isFirst: boolean): string {
  const entity = entities[piece];
  if (entity !== undefined) return entity;
  if (piece === '@') return `@${gap}`;
  if (piece === '#') return `${isFirst ? '\\' : ''}#${gap}`;
  if (/^:[:/]/.test(piece)) return Array.from(piece).join(gap);
  if (/^(?:GH-|www\.|mailto:|xmpp:)$/i.test(piece)) return withLast(piece, gap);
  if (isFirst && /^\d+[.)]$/.test(piece)) return withLast(piece, '\\');
  const isActive = /^[\\`*_~[\](){}!$^]$/.test(piece) || (isFirst && /^[-+=/]$/.test(piece));
  return isActive ? `\\${piece}` : piece;
}

function withLast(piece: string, before: string): string {
  return `${piece.slice(0, -1)}${before}${piece.slice(-1)}`;
}
