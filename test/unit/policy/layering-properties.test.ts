import { array, assert, constantFrom, integer, property, record, subarray } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Permission } from '../../../src/domain/repository.ts';
import type { EffectivePolicy } from '../../../src/policy/effective-policy.ts';
import { isRule, type Rule, type RuleNode } from '../../../src/policy/layering/rule.ts';
import { layerRules, ruleAt } from '../../../src/policy/layering/rules.ts';
import { documentOf, folding } from './fixture.ts';

const layers = record(
  {
    limits: record(
      { pids: integer({ min: 16, max: 600 }), cpus: integer({ min: 1, max: 3 }) },
      { requiredKeys: [] },
    ),
    runtime: constantFrom('runc', 'runsc'),
    forks: constantFrom('run', 'wait', 'refuse'),
    agents: subarray(['linters', 'claude', 'codex', 'hermes']),
    approvals: record({ count: integer({ min: 1, max: 4 }) }, { requiredKeys: [] }),
    run: record({ permission: constantFrom(...Permission.options.slice(1)) }),
    protectedPaths: array(constantFrom('a/**', '!a/**', 'b'), { maxLength: 3 }),
  },
  { requiredKeys: [] },
);

/** The two are compared by hand, and not by the table that is under test. */
function isNarrower(wide: EffectivePolicy, narrow: EffectivePolicy): boolean {
  const includes = (outer: readonly unknown[], inner: readonly unknown[]): boolean =>
    inner.every((entry) => outer.some((other) => JSON.stringify(other) === JSON.stringify(entry)));
  return [
    narrow.limits.pids <= wide.limits.pids,
    narrow.limits.cpus <= wide.limits.cpus,
    narrow.approvals.count >= wide.approvals.count,
    includes(wide.agents, narrow.agents),
    includes(narrow.protectedPaths, wide.protectedPaths),
    includes(narrow.run, wide.run),
    wide.runtime === 'runc' || narrow.runtime === 'runsc',
    ['run', 'wait', 'refuse'].indexOf(narrow.forks) >=
      ['run', 'wait', 'refuse'].indexOf(wide.forks),
    Object.keys(wide.tasks).every((name) => narrow.tasks[name] !== undefined),
  ].every(Boolean);
}

describe('layering', () => {
  it('is monotonic: a layer below never widens what the layers above came to', () => {
    assert(
      property(layers, layers, (organisation, repository) => {
        const above = folding({ organisation: yaml(organisation) });
        const below = folding({ organisation: yaml(organisation), repository: yaml(repository) });
        // The repository's layer is the only one that may be refused where the organisation's was not.
        if (!above.ok) return true;
        if (!below.ok) return below.faults.every(({ at }) => at.layer === 'repository');
        return isNarrower(above.folded.policy, below.folded.policy);
      }),
    );
  });
});

function yaml(content: Readonly<Record<string, unknown>>): string {
  return Object.entries(content)
    .map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
    .join('\n');
}

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
