import { readFileSync } from 'node:fs';
import { isRule, type Rule, type RuleNode } from '../../src/policy/layering/rule.ts';
import { ceilingRules, layerRules } from '../../src/policy/layering/rules.ts';
import { examples, introduction } from './reference-text.ts';
import { type PolicySchema, policySchema } from './render-schema.ts';

const header = '| key | value | what it says | below |\n|---|---|---|---|';

/** `docs/policy-reference.md`. @throws Error for a key without a description */
export function renderPolicyReference(): string {
  const schema = policySchema();
  const tasks = (schema.properties?.['tasks']?.additionalProperties ?? {}) as PolicySchema;
  const taskRules = (layerRules['tasks'] as RuleNode)['*'] as RuleNode;
  const own = Object.fromEntries(
    Object.entries(taskRules).filter(([key]) => !(key in ceilingRules)),
  );
  const top = Object.fromEntries(Object.entries(layerRules).filter(([key]) => key !== 'tasks'));
  const parts = [
    introduction,
    '## The top of a document',
    [header, ...rows(schema, top, '')].join('\n'),
    '## A task: `tasks.<name>`',
    'Names are lower-case letters, digits and dashes. Besides these a task may say: ' +
      `${Object.keys(ceilingRules)
        .map((key) => `\`${key}\``)
        .join(', ')}.`,
    [header, ...rows(tasks, own, '')].join('\n'),
    '## Examples',
    'Each is loaded, put below the operator’s layer that it names and tried with events by `test/unit/policy/examples.test.ts`, and goes through `policy explain` and `policy simulate` in `test/unit/cli/policy/examples.test.ts`. `policies/with-model.yml` is `policies/default.yml` with Claude Code, its model and the tasks that it does.',
    ...examples.map(([name, title]) => exampleOf(name, title)),
    '',
  ];
  return `${parts.join('\n\n').trimEnd()}\n`;
}

function exampleOf(name: string, title: string): string {
  const file = `policies/examples/${name}.yml`;
  const text = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
  return `### ${title}\n\n\`${file}\`\n\n\`\`\`yaml\n${text}\`\`\``;
}

function rows(schema: PolicySchema, rules: RuleNode, prefix: string): readonly string[] {
  return Object.entries(rules).flatMap(([key, node]) => {
    const word = key === '*' ? '<name>' : key;
    const path = prefix === '' ? word : `${prefix}.${word}`;
    const child = key === '*' ? valueSchema(schema) : schema.properties?.[key];
    if (child?.description === undefined) throw new Error(`${path} has no description`);
    if (!isRule(node)) return rows(child, node, path);
    return `| \`${path}\` | ${valueWords(child)} | ${child.description} | ${ruleWords(node)} |`;
  });
}

/** What each value of a record is, whatever its name. */
function valueSchema({ additionalProperties }: PolicySchema): PolicySchema | undefined {
  return typeof additionalProperties === 'object' ? additionalProperties : undefined;
}

function valueWords(schema: PolicySchema): string {
  const { anyOf, const: only, enum: values, items, properties, type } = schema;
  if (anyOf !== undefined) return [...new Set(anyOf.map(valueWords))].join(' or ');
  if (only !== undefined) return `\`${JSON.stringify(only)}\``;
  if (values !== undefined) return values.map((value) => `\`${String(value)}\``).join(', ');
  if (items !== undefined) return `list of ${valueWords(items)}`;
  if (properties !== undefined) return `{ ${Object.keys(properties).join(', ')} }`;
  return type === 'integer' || type === 'number'
    ? rangeOf(schema)
    : (type ?? 'text').replace('string', 'text');
}

function rangeOf({ minimum, maximum, type }: PolicySchema): string {
  const word = type === 'integer' ? 'whole number' : 'number';
  const isOpen = maximum === undefined || maximum === Number.MAX_SAFE_INTEGER;
  if (minimum === undefined) return isOpen ? word : `${word} to ${maximum}`;
  return isOpen ? `${word} from ${minimum}` : `${word}, ${minimum} to ${maximum}`;
}

function ruleWords(rule: Rule): string {
  switch (rule.kind) {
    case 'at-most':
      return 'lower it';
    case 'at-least':
      return 'raise it';
    case 'ordered':
      return rule.order.map((value) => `\`${String(value)}\``).join(' → ');
    case 'subset':
      return 'keep a part';
    case 'union':
    case 'protect':
      return 'add to it';
    case 'every':
      return 'ask for a match of its own as well';
    case 'who':
      return 'ask for more, never a lower permission';
    case 'member':
      return `say another of \`${rule.list}\``;
    case 'pin':
      return `say another of \`${rule.list}\`; below one that is named, one that the same layer lists`;
    case 'within':
      return 'nothing: a task has its place once';
    case 'operator':
      return 'nothing: the operator’s';
    default:
      return 'say another';
  }
}
