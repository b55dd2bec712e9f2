import type { ColumnUnit } from '../../../src/domain/column-unit.ts';

/**
 * Tools whose columns are something else than their format or their own word says, found by running them over a
 * line with characters of one, two and four bytes (`test/fixtures/reports`).
 */
const measured: Readonly<Record<string, ColumnUnit>> = {
  // Says nothing in SARIF; rdjson asks for bytes.
  'biome sarif': 'code-points',
  'biome rdjson': 'code-points',
  // Says nothing, as all that are written in JavaScript and count what JavaScript counts.
  'eslint sarif': 'utf16',
  'markdownlint-cli2 sarif': 'utf16',
  'secretlint sarif': 'utf16',
  'stylelint sarif': 'utf16',
  'eslint rdjson': 'utf8',
  // Says `unicodeCodePoints`.
  'oxlint sarif': 'utf8',
};

/** The unit of a tool's columns in a format; `declared` is what the report says, if it does. */
export function columnUnitOf(
  tool: string,
  format: 'sarif' | 'rdjson',
  declared?: ColumnUnit,
): ColumnUnit {
  const key = `${tool} ${format}`;
  return Object.hasOwn(measured, key) ? (measured[key] ?? 'unknown') : (declared ?? 'unknown');
}
