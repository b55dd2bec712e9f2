import { parseAst } from 'vitest/node';

/** A module that a file names. */
export type ImportedModule = {
  readonly name: string;
  /** `import type` and its like: nothing of it is left when the program runs. */
  readonly isTypeOnly: boolean;
};

/** What one source file shows of itself to the architecture rules. */
export type SourceModule = {
  /** Relative to the repository, with forward slashes. */
  readonly path: string;
  readonly lineCount: number;
  /** Every module that it names: static, dynamic and type-only imports, and re-exports. */
  readonly imports: readonly ImportedModule[];
  /** How many imports have a computed path, which no rule can see through. */
  readonly computedImports: number;
  readonly exportedNames: readonly string[];
  readonly readsEnvironment: boolean;
};

type Node = { readonly type: string; readonly [key: string]: unknown };

/**
 * Parses a TypeScript file for the architecture rules.
 *
 * @throws SyntaxError when it is not TypeScript.
 */
export function readModule(path: string, source: string): SourceModule {
  // oxlint-disable-next-line typescript/no-deprecated -- the only TypeScript parser that a direct dependency exports
  const nodes = [...walk(parseAst(source, { lang: 'ts' }, path))];
  const sources = nodes.flatMap((node) =>
    importSource(node).map((name) => ({ name, isTypeOnly: isForTypes(node) })),
  );
  return {
    path,
    lineCount: source.trimEnd().split('\n').length,
    imports: sources.flatMap(({ name, isTypeOnly }) =>
      name === undefined ? [] : [{ name, isTypeOnly }],
    ),
    computedImports: sources.filter(({ name }) => name === undefined).length,
    exportedNames: nodes.flatMap(exportedNames),
    readsEnvironment: nodes.some(isEnvironmentRead),
  };
}

/** The node and everything below it, whatever kind it is: an unknown kind must not hide an import. */
function* walk(value: unknown): Generator<Node> {
  if (Array.isArray(value)) for (const item of value) yield* walk(item);
  if (!isNode(value)) return;
  yield value;
  for (const child of Object.values(value)) yield* walk(child);
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && !Array.isArray(value);
}

/** The module that a node names, `undefined` in the list when the name is computed. */
function importSource(node: Node): (string | undefined)[] {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
      return node['source'] === null ? [] : [literal(node['source'])];
    case 'ImportExpression':
    case 'TSImportType':
      return [literal(node['source'])];
    case 'TSExternalModuleReference':
      return [literal(node['expression'])];
    case 'CallExpression':
      return isNamed(node['callee'], 'require') ? [literal(firstOf(node['arguments']))] : [];
    default:
      return [];
  }
}

function isForTypes(node: Node): boolean {
  const kinds = [node['importKind'], node['exportKind']];
  return node.type === 'TSImportType' || kinds.includes('type');
}

function exportedNames(node: Node): string[] {
  if (node.type === 'ExportDefaultDeclaration') return ['default'];
  if (node.type !== 'ExportNamedDeclaration') return [];
  const declaration = isNode(node['declaration']) ? node['declaration'] : undefined;
  const declared = [declaration, ...arrayOf(declaration?.['declarations'])].map(
    (item) => item?.['id'],
  );
  const listed = arrayOf(node['specifiers']).map((item) => item['exported']);
  return [...declared, ...listed].flatMap((id) => (isNode(id) ? [String(id['name'])] : []));
}

/** `process.env`, `process['env']`, `const { env } = process` and `import { env } from 'node:process'`. */
function isEnvironmentRead(node: Node): boolean {
  if (node.type === 'MemberExpression') {
    const property = node['property'];
    return (
      isNamed(node['object'], 'process') &&
      (isNamed(property, 'env') || literal(property) === 'env')
    );
  }
  if (node.type === 'VariableDeclarator') return isNamed(node['init'], 'process');
  const isProcess =
    node.type === 'ImportDeclaration' && /^(node:)?process$/.test(literal(node['source']) ?? '');
  return isProcess && arrayOf(node['specifiers']).some((item) => isNamed(item['imported'], 'env'));
}

function isNamed(value: unknown, name: string): boolean {
  return isNode(value) && value.type === 'Identifier' && value['name'] === name;
}

function literal(value: unknown): string | undefined {
  const text = isNode(value) ? value['value'] : undefined;
  return typeof text === 'string' ? text : undefined;
}

function firstOf(value: unknown): unknown {
  return Array.isArray(value) ? value[0] : undefined;
}

function arrayOf(value: unknown): Node[] {
  return Array.isArray(value) ? value.filter(isNode) : [];
}
