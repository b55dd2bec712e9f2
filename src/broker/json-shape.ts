/** Why a text is not parsed; `undefined` when it may be. */
export type ShapeFault = 'model-too-deep' | 'model-too-many-values';

/** Deepest nesting. `JSON.stringify` takes time by its square: 4 million levels stop the process for half a minute. */
const maxDepth = 200;
/**
 * Most values, by the commas and brackets that they cost. Each becomes an object or a slot of one, up to 100 bytes of
 * memory for two of text; the longest conversations of agents have some ten thousand.
 */
const maxValues = 200_000;

const [quote, backslash] = [0x22, 0x5c];

/**
 * Looks at the shape of a JSON text before it is parsed, in one pass over its bytes: what is small as a text may cost
 * seconds as values, and nothing else happens meanwhile. Says nothing of a text that is no JSON.
 */
export function shapeFault(text: Uint8Array): ShapeFault | undefined {
  let [depth, values] = [0, 0];
  for (let at = 0; at < text.length; at += 1) {
    switch (text[at] ?? 0) {
      case quote:
        at = endOfString(text, at);
        break;
      case 0x5b: // [
      case 0x7b: // {
        depth += 1;
        values += 1;
        break;
      case 0x5d: // ]
      case 0x7d: // }
        depth -= 1;
        break;
      case 0x2c: // ,
        values += 1;
        break;
    }
    if (depth > maxDepth) return 'model-too-deep';
    if (values > maxValues) return 'model-too-many-values';
  }
  return undefined;
}

/** Where the quote stands that ends a string; beyond the text if none does. */
function endOfString(text: Uint8Array, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== quote) at += text[at] === backslash ? 2 : 1;
  return at;
}
