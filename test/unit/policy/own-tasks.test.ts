import { describe, expect, it } from 'vitest';
import type { EffectiveTask } from '../../../src/policy/effective-policy.ts';
import { budgetNameOf } from '../../../src/policy/rules-of.ts';
import { faultsOf, folded, folding, operatorText, says } from './fixture.ts';

type Layers = Parameters<typeof folding>[0];

function task(name: string, layers: Layers): EffectiveTask {
  const found = folded(layers).policy.tasks[name];
  if (found === undefined) throw new Error(`there is no task ${name}`);
  return found;
}

/** An organisation that takes from `fix` what it may. */
const strict = `tasks:
  fix:
    enabled: false
    runtime: runsc
    forks: refuse
    approvals: { count: 3, requesterMayApprove: false }
    approve: { teams: [acme/release] }
    outputs: { patch: none }
    patch: { paths: [docs/**] }
    protectedPaths: [infra/**]
    egress: { use: [] }
    budgets: { perRepository: { tasks: 2 } }
    quietHours: [{ days: [sun], from: '00:00', to: '24:00', timeZone: UTC }]
    triggers: { events: [opened] }
    instructions: docs/fix.md`;

describe('a task that a layer adds', () => {
  it('has by its own name no more than by the name that it is within', () => {
    const { policy } = folded({
      organisation: strict,
      repository: 'tasks: { mend: { within: fix, agent: claude-code } }',
    });
    const { triggers: _, instructions: __, ...fix } = policy.tasks['fix'] as EffectiveTask;
    expect(policy.tasks['mend']).toMatchObject(fix);
    expect(fix).toMatchObject({ enabled: false, approvals: { count: 3 }, egress: { use: [] } });
  });

  it('says for itself when it starts and what it is told', () => {
    const mend = task('mend', {
      organisation: strict,
      repository: 'tasks: { mend: { within: fix } }',
    });
    expect([mend.triggers.events, mend.instructions]).toEqual([[], null]);
  });

  it.each([
    ['enabled: true', /tasks\.mend\.enabled: true is looser than false.*\(organisation: org\.yml:/],
    ['approvals: { count: 1 }', /tasks\.mend\.approvals\.count: 1 is less than 3/],
    [
      'egress: { use: [claude] }',
      /tasks\.mend\.egress\.use: claude is not in the list above, which has nothing/,
    ],
    ['outputs: { patch: approval }', /approval is looser than none/],
    ['runtime: runc', /runc is looser than runsc/],
    ["protectedPaths: ['!infra/**']", /would take protection away/],
    ['limits: { pids: 257 }', /257 is more than 256, the ceiling above \(operator: op\.yml:/],
  ])('may not say %s where the layers above do not let that one', (words, message) => {
    const repository = `tasks: { mend: { within: fix, ${words} } }`;
    expect(faultsOf(folding({ organisation: strict, repository }))).toEqual([says(message)]);
  });

  it('goes by what the layers above say of that one, and not by its own document', () => {
    const repository = 'tasks: { fix: { enabled: false }, docs: { within: fix } }';
    const { tasks } = folded({ repository }).policy;
    expect([tasks['fix']?.enabled, tasks['docs']?.enabled]).toEqual([false, true]);
  });

  it('can be within one that the layer between added', () => {
    const layers = {
      organisation: 'tasks: { docs: { within: fix, limits: { pids: 64 } } }',
      repository: 'tasks: { guide: { within: docs } }',
    };
    expect(task('guide', layers)).toMatchObject({ within: 'docs', limits: { pids: 64 } });
  });

  it('is narrowed by the top of its own document as well', () => {
    const repository = 'limits: { pids: 50 }\ntasks: { docs: { within: fix } }';
    expect(task('docs', { repository }).limits.pids).toBe(50);
  });

  it('may be called like something that every object has', () => {
    const repository = 'tasks: { constructor: { within: fix, limits: { pids: 20 } } }';
    const { tasks } = folded({ repository }).policy;
    expect(Object.hasOwn(tasks, 'constructor')).toBe(true);
    expect(Reflect.get(tasks, 'constructor')).toMatchObject({ limits: { pids: 20 } });
    expect(Object.hasOwn(Object, 'limits')).toBe(false);
  });

  it('counts in the budgets of the operator’s task, over however many names', () => {
    const { policy } = folded({
      organisation: 'tasks: { docs: { within: fix } }',
      repository: 'tasks: { guide: { within: docs } }',
    });
    const names = ['fix', 'review', 'docs', 'guide'].map((name) => budgetNameOf(policy, name));
    expect(names).toEqual(['fix', 'review', 'fix', 'fix']);
    expect(() => budgetNameOf(policy, 'other')).toThrow('the policy has no task other');
  });
});

describe('a task without its place is refused', () => {
  it.each([
    [
      'tasks: { docs: { agent: claude-code } }',
      'repo.yml:2:16: tasks.docs.within: is missing; a task that a layer adds stays within one above: review, fix (operator: op.yml:89:12)',
    ],
    ['tasks: { docs: {} }', /tasks\.docs\.within: is missing/],
    [
      'tasks: { docs: { within: fux } }',
      /repo\.yml:2:26: tasks\.docs\.within: fux is no task of the layers above; did you mean fix\? \(operator: /,
    ],
    [
      'tasks: { docs: { within: everything } }',
      /is no task of the layers above; which have review, fix \(operator: /,
    ],
    [
      'tasks: { docs: { within: fix }, guide: { within: docs } }',
      /tasks\.guide\.within: docs is no task of the layers above/,
    ],
    [
      'tasks: { fix: { within: review } }',
      /tasks\.fix\.within: is of tasks that a layer adds, and the layers above have fix \(operator: op\.yml:94:12\)/,
    ],
  ])('%s', (repository, message) => {
    expect(faultsOf(folding({ repository }))).toEqual([says(message)]);
  });

  it('unless it is the operator’s, who has nobody above', () => {
    const within = operatorText.replace('  fix:\n', '  fix:\n    within: review\n');
    expect(faultsOf(folding({ operator: within }))).toEqual([
      says(/tasks\.fix\.within: is of tasks that a layer below adds; the operator has no layer/),
    ]);
  });

  it('also where the layers above have none', () => {
    const operator = operatorText.slice(0, operatorText.indexOf('\ntasks:\n'));
    expect(faultsOf(folding({ operator, repository: 'tasks: { docs: {} }' }))).toEqual([
      says(/^repo\.yml:\d+:\d+: tasks\.docs\.within: is missing; .* one above: nothing$/),
    ]);
  });
});

const [one, two] = ['1', '2'].map((digit) => `sha256:${digit.repeat(64)}`);

describe('a pinned image', () => {
  const pinned = `tasks: { fix: { image: '${one}' } }`;

  it.each([
    [
      'null',
      /tasks\.fix\.image: null is not sha256:1+, which the layer above pins \(organisation: /,
    ],
    [
      `'${two}'`,
      /sha256:2+ is not sha256:1+, .* pins, and lists no images to choose from \(organis/,
    ],
  ])('is not %s below', (image, message) => {
    const repository = `tasks: { fix: { image: ${image} } }`;
    expect(faultsOf(folding({ organisation: pinned, repository }))).toEqual([says(message)]);
  });

  it('may be said again', () => {
    expect(task('fix', { organisation: pinned, repository: pinned }).image).toBe(one);
  });

  it('may be another that the layer which pins it lists', () => {
    const organisation = `images: ['${one}', '${two}']\n${pinned}`;
    const repository = `tasks: { fix: { image: '${two}' } }`;
    expect(task('fix', { organisation, repository }).image).toBe(two);
    expect(task('fix', { organisation, repository: '' }).image).toBe(one);
    const none = faultsOf(folding({ organisation, repository: 'tasks: { fix: { image: null } }' }));
    expect(none).toEqual([says(/null is not sha256:1+/)]);
  });

  it('holds for a task that is within', () => {
    const repository = 'tasks: { docs: { within: fix, image: null } }';
    expect(faultsOf(folding({ organisation: pinned, repository }))).toEqual([
      says(/tasks\.docs\.image: null is not sha256:1+/),
    ]);
  });
});
