import * as fc from 'fast-check';

const code = ['a', 'b', 'c', '', '}', '  x', '\tx', '\t\ty', 'x  ', 'x\t', ' '] as const;
const fences = [
  '```',
  '````suggestion',
  '```suggestion',
  '~~~',
  '``````',
  '   ```',
  '    ```',
] as const;
const markdown = [
  '> ```',
  '- ```js',
  '`',
  '<!--',
  '-->',
  '<details>',
  '@owner',
  '/approve',
] as const;
const diff = ['-- x', '++ b/y', '--- a/f', '+++ b/f', '@@ -1 +1 @@', '-', '+', '\\'] as const;
const unicode = [
  '😀',
  '👩‍💻',
  '🇺🇳',
  '𝒳 = 𝟙',
  'é',
  'e\u0301',
  '文件',
  'שלום',
  '\u00a0',
  '😀\ufe0f',
] as const;
const free = fc.string({ unit: 'grapheme', maxLength: 8 }).filter((text) => !/[\n\r]/.test(text));

/** The text of a line of a file, without its ending: what people write, and what breaks Markdown and diffs. */
export const plainContent = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(...code) },
  { weight: 3, arbitrary: fc.constantFrom(...fences) },
  { weight: 2, arbitrary: fc.constantFrom(...markdown) },
  { weight: 2, arbitrary: fc.constantFrom(...diff) },
  { weight: 4, arbitrary: fc.constantFrom(...unicode) },
);

/** That, and anything else that ends no line. */
export const lineContent = fc.oneof(
  { weight: 11, arbitrary: plainContent },
  { weight: 1, arbitrary: free },
);

/** Text that a suggestion must not carry, or that no comment has room for. */
export const roughContent = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.constantFrom(
      'a\rb',
      '\r',
      'x\u202e',
      '\0',
      '\ufeff',
      'y\u200b',
      '\u2028',
      '\x1b[8m',
    ),
  },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 39_998, max: 40_001 }).map((size) => 'w'.repeat(size)),
  },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 20_000, max: 24_000 }).map((size) => '`'.repeat(size)),
  },
);

/** How the lines of a file end, in turn. */
export const lineEndings = fc.oneof(
  { weight: 12, arbitrary: fc.constant(['\n']) },
  { weight: 1, arbitrary: fc.constant(['\r\n']) },
  { weight: 1, arbitrary: fc.constantFrom(['\n', '\r\n'], ['\r\n', '\n', '\n'], ['\r\r\n']) },
);

/** The value, one time in `times`; else null. */
export function onceIn<T>(times: number, arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> {
  return fc.oneof({ weight: times - 1, arbitrary: fc.constant(null) }, { weight: 1, arbitrary });
}
