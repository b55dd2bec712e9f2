import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type YAMLMap,
} from 'yaml';

/** Deeper than any policy; nesting must not exhaust the stack of what walks it. */
const maxDepth = 16;

/** Something in the text that is not taken. `offset` in UTF-16 units. */
export interface YamlFault {
  readonly offset: number;
  readonly path: readonly string[];
  readonly message: string;
}

/** The plain value of a text, and where each part of it stands. */
export interface PlainYaml {
  readonly value: unknown;
  readonly faults: readonly YamlFault[];
  /** Offset of the value at a path, else of the nearest value around it. */
  readonly offsetOf: (path: readonly PropertyKey[]) => number;
  /** Offset of the key at a path, else of its value. */
  readonly keyOffsetOf: (path: readonly PropertyKey[]) => number;
  readonly placeOf: (offset: number) => { readonly line: number; readonly column: number };
}

/** What is collected while the tree is walked. */
interface Walk {
  readonly faults: YamlFault[];
  readonly values: Map<string, number>;
  readonly keys: Map<string, number>;
}

/**
 * Reads YAML as what JSON can say: mappings with text for keys, lists, and scalars.
 * Refuses aliases and anchors (so that no text grows when it is read), merge keys, tags, directives,
 * duplicate keys, several documents, and `__proto__`. Never throws.
 */
export function readPlainYaml(text: string): PlainYaml {
  const lines = new LineCounter();
  const options = {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: true,
    merge: false,
  } as const;
  const walk: Walk = { faults: [], values: new Map(), keys: new Map() };
  const tooDeep = depthFault(text);
  const document = parseDocument(tooDeep === undefined ? text : '', {
    ...options,
    logLevel: 'error',
  });
  if (tooDeep !== undefined) walk.faults.push(tooDeep);
  const directive = /^%/m.exec(text);
  // `%YAML 1.1` would make `yes` a boolean and `<<` a merge.
  if (directive !== null)
    fault(walk, { offset: directive.index, path: [] }, 'takes no % directive');
  for (const { pos, code, message } of document.errors) {
    fault(walk, { offset: pos[0], path: [] }, wordsFor(code, message));
  }
  const value = walk.faults.length > 0 ? undefined : plain(walk, document.contents, []);
  return { value, faults: walk.faults, ...places(walk, lines) };
}

function places(walk: Walk, lines: LineCounter): Omit<PlainYaml, 'value' | 'faults'> {
  const offsetOf = (path: readonly PropertyKey[]): number => {
    for (let length = path.length; length > 0; length -= 1) {
      const offset = walk.values.get(pathKey(path.slice(0, length)));
      if (offset !== undefined) return offset;
    }
    return 0;
  };
  return {
    offsetOf,
    keyOffsetOf: (path) => walk.keys.get(pathKey(path)) ?? offsetOf(path),
    placeOf: (offset) => {
      const { line, col } = lines.linePos(offset);
      // A text without any line has no place in the counter.
      return { line: Math.max(1, line), column: Math.max(1, col) };
    },
  };
}

function pathKey(path: readonly PropertyKey[]): string {
  return JSON.stringify(path.map(String));
}

/**
 * Brackets, and `- - -`, nest without end in one line, where the parser itself would run out of stack.
 * Looser than `maxDepth`, because brackets in comments and texts count here.
 */
function depthFault(text: string): YamlFault | undefined {
  const dashes = /^[ \t]*(?:[-?:][ \t]+){33}/m.exec(text);
  if (dashes !== null) return { offset: dashes.index, path: [], message: tooDeepMessage };
  let depth = 0;
  for (const { 0: bracket, index } of text.matchAll(/[[\]{}]/g)) {
    depth += bracket === '[' || bracket === '{' ? 1 : -1;
    if (depth > maxBrackets) return { offset: index, path: [], message: tooDeepMessage };
  }
  return undefined;
}

const maxBrackets = 100;
const tooDeepMessage = `nests deeper than ${maxDepth}`;

function wordsFor(code: string, message: string): string {
  switch (code) {
    case 'DUPLICATE_KEY':
      return 'is said twice; keep one of the two';
    case 'TAB_AS_INDENT':
      return 'is indented with a tab; YAML takes spaces only';
    case 'MULTIPLE_DOCS':
      return 'has a second document after ---; a policy is one';
    default:
      return `is not YAML: ${message}`;
  }
}

function fault(walk: Walk, at: Omit<YamlFault, 'message'>, message: string): undefined {
  walk.faults.push({ ...at, message });
}

function plain(walk: Walk, node: unknown, path: readonly string[]): unknown {
  // The parser leaves out what is empty, as the value of `key:` alone may be.
  if (node === null || node === undefined) return null;
  const known = node as Node;
  const at = { offset: startOf(known), path };
  walk.values.set(pathKey(path), at.offset);
  if (path.length > maxDepth) return fault(walk, at, tooDeepMessage);
  if (isAlias(known))
    return fault(walk, at, `takes no alias (*${known.source}); write the value out`);
  if (known.tag !== undefined) return fault(walk, at, `takes no tag (${known.tag})`);
  if ('anchor' in known && known.anchor !== undefined) {
    return fault(walk, at, `takes no anchor (&${known.anchor})`);
  }
  if (isSeq(known)) {
    return known.items.map((item, index) => plain(walk, item, [...path, String(index)]));
  }
  if (isMap(known)) return plainMap(walk, known, path);
  return known.value;
}

/** What was parsed from a text has a range in it. */
function startOf({ range }: Node): number {
  return (range as readonly number[])[0] as number;
}

function plainMap(walk: Walk, map: YAMLMap, path: readonly string[]): Record<string, unknown> {
  const entries = map.items.map((pair) => plainPair(walk, pair, path));
  return Object.fromEntries(entries.filter((entry) => entry !== undefined));
}

function plainPair(walk: Walk, { key, value }: Pair, path: readonly string[]) {
  const offset = startOf(key as Node);
  if (!isScalar(key) || key.tag !== undefined || key.anchor !== undefined) {
    return fault(walk, { offset, path }, 'has a key that is not plain text');
  }
  const name = String(key.value);
  if (name === '__proto__' || name === '<<') {
    return fault(walk, { offset, path }, `takes no key ${name}`);
  }
  walk.keys.set(pathKey([...path, name]), offset);
  return [name, plain(walk, value, [...path, name])] as const;
}
