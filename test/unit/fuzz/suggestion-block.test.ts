import { expect, test } from 'vitest';
import { readSuggestionBlock } from '../../support/markdown/suggestion-block.ts';

test.each([
  ['one line', 'Why.\n\n```suggestion\na\n```', 'a\n'],
  ['no line', '```suggestion\n```', ''],
  ['an empty line', '```suggestion\n\n```', '\n'],
  ['a shorter fence within', '`````suggestion\n````\n```\n`````', '````\n```\n'],
  ['a fence within that is too far right', '```suggestion\n    ```\n```', '    ```\n'],
  ['a block in the message', '```js\n<a>\n```\n\n```suggestion\na\n```', 'a\n'],
  ['code in the message', '`a` and `` ` ``\n\n```suggestion\na\n```', 'a\n'],
])('%s is read', (_name, markdown, body) => {
  expect(readSuggestionBlock(markdown)).toBe(body);
});

test.each([
  ['no block', 'suggestion', /there is no suggestion/],
  ['only another block', '```\na\n```', /there is no suggestion/],
  ['an open block before it', '  ~~~ x\n\n```suggestion\na\n```', /there is no suggestion/],
  ['an open comment before it', 'a <!-- b\n\n```suggestion\na\n```', /HTML/],
  ['a block that is closed within', '```suggestion\na\n ````\nb\n```', /does not end/],
  ['a block that is not closed', '````suggestion\na\n```', /does not end/],
  ['another behind it', '```suggestion\na\n```\n\n```suggestion\nb\n```', /does not end/],
  ['text behind it', '```suggestion\na\n```\nb', /does not end/],
])('%s is refused', (_name, markdown, reason) => {
  expect(() => readSuggestionBlock(markdown)).toThrow(reason);
});
