import { array, assert, constantFrom, property, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EffectivePolicy } from '../../../src/policy/effective-policy.ts';
import { type Folding, foldLayers } from '../../../src/policy/layering/fold-layers.ts';
import { treeOf } from '../../../src/policy/layering/leaves.ts';
import { isRule, type Rule, type RuleNode } from '../../../src/policy/layering/rule.ts';
import { layerRules, ruleAt } from '../../../src/policy/layering/rules.ts';
import { documentOf, operatorText } from './fixture.ts';
import { ceilingOrders, type LeafOrder, taskOrders, topOrders } from './leaf-order.ts';
import { schemaLeaves } from './schema-leaves.ts';

/** The loosest that the operator of the tests can be, so that there is something to narrow. */
const operator = documentOf(
  'operator',
  operatorText
    .replace('forks: wait', 'forks: run')
    .replace('failOn: error', 'failOn: never')
    .replace('patch: approval }', 'patch: approval, pullRequest: ready }')
    .replace(
      'maxComments: 20',
      'maxComments: 20, maxFileComments: 8, summaryComment: sticky, inline: findings, linkHosts: [docs.example, api.docs.example]',
    ),
);

/** A leaf where a document can say it. `bounded` is where the layers above have what it stays within. */
interface Spot {
  readonly path: string;
  readonly bounded: string;
  readonly order: LeafOrder;
}

const ofTasks = { ...ceilingOrders, ...taskOrders };
const ofTop = { ...ceilingOrders, ...topOrders };
const spots: readonly Spot[] = [
  ...spotsOf(ofTop, '', ''),
  ...spotsOf(ofTasks, 'tasks.fix.', 'tasks.fix.'),
  ...spotsOf(ofTasks, 'tasks.own.', 'tasks.fix.'),
];

function spotsOf(orders: typeof ofTop, prefix: string, bound: string): readonly Spot[] {
  return Object.entries(orders).map(([name, order]) => {
    // Of names that the documents choose, one stands for all.
    const leaf = name.replace('*', 'level');
    return { path: `${prefix}${leaf}`, bounded: `${bound}${leaf}`, order };
  });
}

type Word = readonly [path: string, value: unknown];

/** A document that says these; `own` has its place within `fix`. */
function saying(words: readonly Word[]): string {
  const isOwn = words.some(([path]) => path.startsWith('tasks.own.'));
  const all: readonly Word[] = isOwn ? [['tasks.own.within', 'fix'], ...words] : words;
  const tree = treeOf(all.map(([path, value]) => [path.split('.'), value]));
  delete tree['version'];
  return Object.entries(tree)
    .map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
    .join('\n');
}

/** Of people the effective value is one list, whatever part of them a document says. */
function valueAt(policy: EffectivePolicy, path: string): unknown {
  const keys = path.replace(/(^|\.)(run|approve)\.[a-zA-Z]+$/, '$1$2').split('.');
  return keys.reduce<unknown>((node, key) => Reflect.get(Object(node) as object, key), policy);
}

/** Where the policy below is looser than the one above; leaves of each task by those of its own bounds. */
function loosened(above: EffectivePolicy, below: EffectivePolicy): readonly string[] {
  const of = (orders: typeof ofTop, [upper, lower]: readonly [string, string]) =>
    spotsOf(orders, lower, upper)
      .filter((at) => !at.order.isHeld(valueAt(above, at.bounded), valueAt(below, at.path)))
      .map(({ path }) => path);
  const tasks = Object.entries(below.tasks).flatMap(([name, { within }]) =>
    of(ofTasks, [`tasks.${within ?? name}.`, `tasks.${name}.`]),
  );
  const gone = Object.keys(above.tasks).filter((name) => !Object.hasOwn(below.tasks, name));
  return [...of(ofTop, ['', '']), ...tasks, ...gone];
}

function fold(organisation: string, repository: string): Folding {
  const below = [
    documentOf('organisation', `version: 1\n${organisation}`),
    documentOf('repository', `version: 1\n${repository}`),
  ];
  return foldLayers(operator, below);
}

/** Undefined where the organisation's layer is itself refused. */
function policyAbove(organisation: string): EffectivePolicy | undefined {
  const result = fold(organisation, '');
  return result.ok ? result.folded.policy : undefined;
}

/** Leaves that no layer below the operator's may say at all. */
const operators = [
  'check.name',
  'egress.rules',
  'egress.modelRoutes',
  'egress.allowAddresses',
  'egress.refuseAddresses',
];

describe('every leaf of the language', () => {
  it('is exercised here, at the top and in a task: one without an order by hand fails', () => {
    const known = [
      ...Object.keys(ofTop),
      ...Object.keys(ofTasks).map((name) => `tasks.*.${name}`),
      'tasks.*.within',
    ];
    expect(schemaLeaves().toSorted()).toEqual(known.toSorted());
    for (const { order } of spots) expect(order.said.length).toBeGreaterThan(0);
  });

  it.each(spots)('$path says below what does not loosen it, and nothing else', (spot) => {
    const { path, bounded, order } = spot;
    let stood = 0;
    for (const over of [undefined, ...order.said]) {
      const organisation = saying(over === undefined ? [] : [[bounded, over]]);
      const above = policyAbove(organisation);
      if (above === undefined) continue;
      for (const said of order.said) {
        const repository = saying([[path, said]]);
        const result = fold(organisation, repository);
        const mayStand = order.mayStand(valueAt(above, bounded), said);
        expect([organisation, repository, result.ok]).toEqual([organisation, repository, mayStand]);
        expect(result.ok ? loosened(above, result.folded.policy) : []).toEqual([]);
        stood += Number(result.ok);
      }
    }
    expect(stood > 0).toBe(!operators.includes(path));
  });
});

const word = constantFrom(...spots).chain(({ path, order }) =>
  tuple(constantFrom(path), constantFrom(...order.said)),
);
const words = array(word, { minLength: 1, maxLength: 5 });

describe('layering', () => {
  it('is monotonic: whatever two layers say, the one below never widens what the one above came to', () => {
    let folds = 0;
    const holds = property(words, words, (owners, own) => {
      const organisation = saying(owners.filter(([path]) => !path.startsWith('tasks.own.')));
      const above = policyAbove(organisation);
      if (above === undefined) return true;
      const result = fold(organisation, saying(own));
      if (!result.ok) return result.faults.every(({ at }) => at.layer === 'repository');
      folds += 1;
      return loosened(above, result.folded.policy).length === 0;
    });
    assert(holds, { numRuns: 200 });
    expect(folds).toBeGreaterThan(20);
  });
});

describe('the table of rules', () => {
  it('has a rule for every key of the language', () => {
    const rules = allRules(layerRules, []);
    expect(rules.length).toBeGreaterThan(100);
    expect(rules.every(([path]) => ruleAt(path) !== undefined)).toBe(true);
  });

  it.each([[['limits', 'nothing']], [['nothing']], [['toString']], [['limits', 'constructor']]])(
    'has none for %j',
    (path) => {
      expect(ruleAt(path)).toBeUndefined();
    },
  );

  it('takes documents of the least kind', () => {
    expect(documentOf('organisation', 'version: 1').content).toEqual({ version: 1 });
  });
});

function allRules(
  node: RuleNode,
  path: readonly string[],
): readonly (readonly [readonly string[], Rule])[] {
  return Object.entries(node).flatMap(([key, child]) => {
    const at = [...path, key === '*' ? 'any' : key];
    return isRule(child) ? [[at, child] as const] : allRules(child, at);
  });
}
