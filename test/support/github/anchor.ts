import { type FileDiff, type Hunk, hunkWithLine, indexInHunk } from './diff.ts';
import type { Anchor, Side } from './records.ts';

/** Where a request wants its comment. */
export interface AnchorRequest {
  readonly path: string;
  readonly line: number | undefined;
  readonly side: Side | undefined;
  readonly startLine: number | undefined;
  readonly startSide: Side | undefined;
  readonly position: number | undefined;
  readonly subjectType: 'line' | 'file' | undefined;
}

/** The anchor, or why there is none, in GitHub's words. */
export type AnchorResult = { readonly anchor: Anchor } | { readonly error: string };

/**
 * Resolves an anchor against the diff of the pull request: any line inside a hunk, context lines included;
 * a range must start before it ends, within one hunk.
 */
export function resolveAnchor(files: readonly FileDiff[], request: AnchorRequest): AnchorResult {
  const file = files.find((one) => one.path === request.path);
  if (!file) return { error: 'Path could not be resolved' };
  // octokit.rb#1324 has the words.
  if (file.isTooLarge) return { error: 'path diff too large' };
  if (request.subjectType === 'file') return { anchor: fileAnchor(file) };
  const place = request.line === undefined ? placeOfPosition(file, request.position) : request;
  const side = place?.side ?? 'RIGHT';
  const hunk = place?.line === undefined ? undefined : hunkWithLine(file, side, place.line);
  if (place?.line === undefined || !hunk) return { error: 'Line could not be resolved' };
  const range = checkRange(file, hunk, { ...request, line: place.line, side });
  return range ?? { anchor: lineAnchor(file, hunk, { ...request, line: place.line, side }) };
}

type Placed = AnchorRequest & { readonly line: number; readonly side: Side };

function checkRange(file: FileDiff, hunk: Hunk, request: Placed): { error: string } | undefined {
  if (request.startLine === undefined) return undefined;
  const startSide = request.startSide ?? request.side;
  const startHunk = hunkWithLine(file, startSide, request.startLine);
  if (!startHunk) return { error: 'Start line could not be resolved' };
  if (startHunk !== hunk) return { error: 'start_line must be part of the same hunk as the line.' };
  const [start, end] = [
    indexInHunk(hunk, startSide, request.startLine),
    indexInHunk(hunk, request.side, request.line),
  ];
  return start < end ? undefined : { error: 'start_line must precede the end line.' };
}

function lineAnchor(file: FileDiff, hunk: Hunk, request: Placed): Anchor {
  const index = indexInHunk(hunk, request.side, request.line);
  const position = positionOf(file, hunk, index);
  const startLine = request.startLine ?? null;
  return {
    path: file.path,
    subjectType: 'line',
    side: request.side,
    startSide: startLine === null ? null : (request.startSide ?? request.side),
    line: request.line,
    startLine,
    position,
    originalLine: request.line,
    originalStartLine: startLine,
    originalPosition: position,
    diffHunk: [hunk.header, ...hunk.lines.slice(0, index + 1)].join('\n'),
  };
}

function fileAnchor(file: FileDiff): Anchor {
  const none = {
    line: null,
    startLine: null,
    originalLine: null,
    originalStartLine: null,
    startSide: null,
  };
  return {
    path: file.path,
    subjectType: 'file',
    side: 'RIGHT',
    position: 1,
    originalPosition: 1,
    diffHunk: '',
    ...none,
  };
}

/** `position` counts the lines of the file's diff below its first hunk header, later headers included. */
function positionOf(file: FileDiff, hunk: Hunk, index: number): number {
  const before = file.hunks.slice(0, file.hunks.indexOf(hunk));
  return before.reduce((sum, one) => sum + one.lines.length + 1, 0) + index + 1;
}

function placeOfPosition(
  file: FileDiff,
  position: number | undefined,
): { line: number; side: Side } | undefined {
  for (const hunk of file.hunks) {
    for (const side of ['RIGHT', 'LEFT'] as const) {
      const [start, length] =
        side === 'LEFT' ? [hunk.oldStart, hunk.oldLines] : [hunk.newStart, hunk.newLines];
      for (let line = start; line < start + length; line++) {
        if (positionOf(file, hunk, indexInHunk(hunk, side, line)) === position)
          return { line, side };
      }
    }
  }
  return undefined;
}
