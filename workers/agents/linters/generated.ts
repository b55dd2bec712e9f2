const vendoredFolder =
  /(?:^|\/)(?:node_modules|bower_components|vendor|vendored|third[-_]party|Godeps|\.yarn|site-packages)\//i;
const generatedName = new RegExp(
  [
    String.raw`(?:^|/)(?:package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|bun\.lock|composer\.lock)$`,
    String.raw`(?:^|/)(?:yarn|poetry|uv|Cargo|Gemfile|Pipfile|flake)\.lock$`,
    String.raw`(?:^|/)go\.sum$`,
    '(?:^|/)__snapshots__/',
    String.raw`\.(?:snap|map|pb\.go|generated\.[a-z]+|g\.dart|designer\.cs)$`,
    String.raw`_pb2(?:_grpc)?\.pyi?$`,
  ].join('|'),
  'i',
);
/** A generator signs within the first lines: Go's `Code generated … DO NOT EDIT.`, Meta's `@generated`. */
const generatedMarker =
  /@generated\b|\bcode generated\b.*\bdo not edit\b|\bautomatically generated\b.*\bdo not (?:edit|modify)\b/i;
const markerLines = 20;

/** No person writes lines like these; style findings on them are noise. */
const longestWrittenLine = 5_000;
const longestWrittenAverage = 400;

/** A file that no person wrote. */
export type GeneratedReason = 'vendored' | 'generated' | 'minified';

/** Why style linters should leave a file alone, from its name and first lines; null when they should not. */
export function generatedReason(path: string, lines: readonly string[]): GeneratedReason | null {
  if (vendoredFolder.test(path)) return 'vendored';
  if (/[.-]min\.(?:js|mjs|cjs|css)$/i.test(path)) return 'minified';
  if (generatedName.test(path)) return 'generated';
  if (lines.slice(0, markerLines).some((line) => generatedMarker.test(line.slice(0, 500))))
    return 'generated';
  return isMinified(path, lines) ? 'minified' : null;
}

function isMinified(path: string, lines: readonly string[]): boolean {
  if (!/\.(?:[cm]?[jt]sx?|css|json)$/i.test(path)) return false;
  const total = lines.reduce((sum, line) => sum + line.length, 0);
  if (total / Math.max(lines.length, 1) > longestWrittenAverage && total > longestWrittenLine)
    return true;
  return lines.some((line) => line.length > longestWrittenLine);
}
