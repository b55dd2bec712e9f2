import { Lexer, LineCounter, type Node, parseDocument, visit } from 'yaml';
import {
  fault,
  plain,
  startOf,
  tooDeepMessage,
  type Walk,
  type YamlFault,
} from './plain-values.ts';
import { YamlPlaces } from './yaml-places.ts';

/** Keys and values of one text; more than any policy has. What comes after the parser takes time for each. */
const maxNodes = 10_000;

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

/**
 * Reads YAML as what JSON can say: mappings with text for keys, lists, and scalars.
 * Refuses aliases and anchors (so that no text grows when it is read), merge keys, tags, directives,
 * duplicate keys, several documents, `__proto__`, and more than 10,000 keys and values. Never throws.
 */
export function readPlainYaml(text: string): PlainYaml {
  const lines = new LineCounter();
  const options = {
    lineCounter: lines,
    prettyErrors: false,
    // The parser compares each key with all before it; `plainMap` takes one look at each.
    uniqueKeys: false,
    merge: false,
  } as const;
  const walk: Walk = { faults: [], places: new YamlPlaces() };
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
  refuseCrowd(walk, document.contents);
  const value = walk.faults.length > 0 ? undefined : plain(walk, document.contents, []);
  return { value, faults: walk.faults, ...placesIn(walk, lines) };
}

function placesIn({ places }: Walk, lines: LineCounter): Omit<PlainYaml, 'value' | 'faults'> {
  return {
    offsetOf: (path) => places.offsetOf(path),
    keyOffsetOf: (path) => places.keyOffsetOf(path),
    placeOf: (offset) => {
      const { line, col } = lines.linePos(offset);
      // A text without any line has no place in the counter.
      return { line: Math.max(1, line), column: Math.max(1, col) };
    },
  };
}

function refuseCrowd(walk: Walk, contents: Node | null): void {
  let count = 0;
  visit(contents, {
    Node: (_key, node) => {
      count += 1;
      if (count <= maxNodes) return undefined;
      fault(walk, { offset: startOf(node), path: [] }, `has more than ${maxNodes} keys and values`);
      return visit.BREAK;
    },
  });
}

/**
 * Brackets, and `- - -`, nest without end in one line, where the parser itself would run out of stack. Its lexer,
 * which does not nest, says which brackets are some: one in a text or a comment closes nothing.
 */
function depthFault(text: string): YamlFault | undefined {
  const dashes = /^[ \t]*(?:[-?:][ \t]+){33}/m.exec(text);
  if (dashes !== null) return { offset: dashes.index, path: [], message: tooDeepMessage };
  let [depth, offset] = [0, 0];
  for (const lexeme of new Lexer().lex(text)) {
    if (lexeme === '[' || lexeme === '{') depth += 1;
    if (lexeme === ']' || lexeme === '}') depth -= 1;
    if (depth > maxBrackets) return { offset, path: [], message: tooDeepMessage };
    if (!isControl(lexeme)) offset += lexeme.length;
  }
  return undefined;
}

const maxBrackets = 100;

/** Marks of the lexer's own between the pieces of the text. */
function isControl(lexeme: string): boolean {
  return ['\u0002', '\u0018', '\u001f'].includes(lexeme);
}

function wordsFor(code: string, message: string): string {
  switch (code) {
    case 'TAB_AS_INDENT':
      return 'is indented with a tab; YAML takes spaces only';
    case 'MULTIPLE_DOCS':
      return 'has a second document after ---; a policy is one';
    default:
      return `is not YAML: ${message}`;
  }
}
