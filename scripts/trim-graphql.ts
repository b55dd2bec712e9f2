/**
 * Regenerates the vendored, trimmed copy of GitHub's published GraphQL schema:
 *   node scripts/trim-graphql.ts <schema.graphql>
 * from npm `@octokit/graphql-schema` 15.26.1, which is installed outside the project. Keeps the types and fields
 * that `test/support/github/graphql-fields.ts` names, with their arguments, and whatever inputs, enums and scalars
 * these need; drops prose and directives.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import {
  buildSchema,
  type DefinitionNode,
  type InterfaceTypeDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  print,
  visit,
} from 'graphql';
import { GRAPHQL_FIELDS } from '../test/support/github/graphql-fields.ts';

type Composite = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode;

const BUILT_IN = new Set(['Boolean', 'Float', 'ID', 'Int', 'String']);

function isComposite(node: DefinitionNode): node is Composite {
  return node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_DEFINITION;
}

/** Only the named fields and the interfaces that are kept too. @throws Error for a field that GitHub lacks */
function trimFields(node: Composite): Composite {
  const wanted = GRAPHQL_FIELDS[node.name.value] ?? [];
  const fields = (node.fields ?? []).filter(({ name }) => wanted.includes(name.value));
  const missing = wanted.filter((one) => !fields.some(({ name }) => name.value === one));
  if (missing.length > 0) throw new Error(`${node.name.value} has no ${missing.join(', ')}`);
  const interfaces = (node.interfaces ?? []).filter(({ name }) => name.value in GRAPHQL_FIELDS);
  return { ...node, fields, interfaces };
}

function typesIn(node: DefinitionNode): string[] {
  const names: string[] = [];
  visit(node, { NamedType: ({ name }) => void names.push(name.value) });
  return names;
}

function trim(source: string): string {
  const definitions = new Map<string, DefinitionNode>();
  for (const node of parse(source, { noLocation: true }).definitions) {
    if ('name' in node && node.name) definitions.set(node.name.value, withoutProse(node));
  }
  const wanted = new Set(Object.keys(GRAPHQL_FIELDS));
  const kept: [string, string][] = [];
  // A Set iterates over what is added to it meanwhile, so this reaches all that the fields need.
  for (const name of wanted) {
    const node = definitions.get(name);
    if (!node) throw new Error(`GitHub has no type ${name}`);
    if (isComposite(node) && !(name in GRAPHQL_FIELDS))
      throw new Error(`name the fields of ${name}`);
    const trimmed = isComposite(node) ? trimFields(node) : node;
    for (const one of typesIn(trimmed)) if (!BUILT_IN.has(one)) wanted.add(one);
    kept.push([name, print(trimmed)]);
  }
  return kept
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, text]) => `${text}\n`)
    .join('\n');
}

function withoutProse(definition: DefinitionNode): DefinitionNode {
  return visit(definition, {
    enter: (node) =>
      node.kind === Kind.DIRECTIVE
        ? null
        : 'description' in node
          ? { ...node, description: undefined }
          : undefined,
  });
}

const [path] = process.argv.slice(2);
if (!path) throw new Error('usage: node scripts/trim-graphql.ts <schema.graphql>');
const text = trim(readFileSync(path, 'utf8'));
buildSchema(text);
writeFileSync(new URL('../test/support/github/schema.graphql', import.meta.url), text);
