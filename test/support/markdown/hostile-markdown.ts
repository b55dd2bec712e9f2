import * as fc from 'fast-check';

const pieces =
  '@owner|@org/team|#1|GH-12|a/b#3|closes #4|/approve|/sallyport approve|<!--|-->|<img src=x>|</details>|<details>|![x](//e)|![x](https://docs.example/y)|[x](javascript:1)|[x](https://docs.example/a_(b)?c=1&lt;d)|[x](<https://docs.example/> "t")|[`x`](https://docs.example/@a/#1)|[x](https://docs.example@evil.example/)|[x](https://evil.example)|[x](https://docs.example:8443/)|[@owner](https://docs.example)|[x][y]|[y]: https://evil.example|[^1]|[^1]: x|<http://e>|<https://docs.example>|https://e.example/|https://docs.example/x).|www.e.example|a@b.example|::error::x|##[group]|`|``|```|````|~~~|*|**|***|_|__|~~|[|]|(|)|](|![|!|<|>|\\|\\`|$|$$|:|://|http|https://|- |* |+ |1. |2) |- [ ] |# |## |===|---|\\|a\\|b\\||\\|-\\|-\\||> |    |&lt;|&#64;|&|mailto:a@b|xmpp:a|suggestion|mermaid| word |word|x|1|-'
    .split(/(?<!\\)\|/)
    .map((piece) => piece.replaceAll('\\|', '|'));
const odd = ['\n', '\n\n', '\n```\n', '\r\n', '\r', '\t', ' ', '\u202e', '\u200b', '\u{e0041}'];
const odder = ['\x1b[31m', '\0', '\ufeff', '\u2028', '\u00a0', '\ud800', '😀', 'é', '文'];

/** What attackers write in a message, glued together at random. */
export const hostileMarkdown = fc
  .array(
    fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom(...pieces) },
      { weight: 3, arbitrary: fc.constantFrom(...odd, ...odder) },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 5 }) },
    ),
    { maxLength: 25 },
  )
  .map((parts) => parts.join(''));
