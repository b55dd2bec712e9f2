import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { operatorOfExample } from '../../policy/fixture.ts';
import { policyIn } from './policy-places.ts';
import { openedPayload } from './simulate-payloads.ts';

/** What becomes of a pull request, by example: one of a branch of the repository, and one of a fork. */
const outcomes: Readonly<Record<string, { readonly own: string; readonly fork: string }>> = {
  'docs-bot': {
    own: 'review stays, fix stays, tests stays, docs runs, triage stays',
    fork: 'review stays, fix stays, tests stays, docs waits, triage stays',
  },
  'fork-heavy-project': { own: 'review runs, fix stays', fork: 'review waits, fix stays' },
  'internal-monorepo': {
    own: 'review runs, fix stays, tests stays, docs stays, triage stays',
    fork: 'review waits, fix stays, tests stays, docs stays, triage stays',
  },
  'regulated-organisation': {
    own: 'review runs, fix stays, tests stays, docs stays, triage stays',
    fork: 'review refused, fix stays, tests stays, docs stays, triage stays',
  },
  'required-check': { own: 'review runs, fix stays', fork: 'review waits, fix stays' },
  'strict-open-source': { own: 'review runs, fix stays', fork: 'review waits, fix stays' },
};

const examples = readdirSync('policies/examples').map((file) => file.replace(/\.yml$/, ''));

/** The layers of an example, as a command line names them: those that its own first lines say. */
function layersOf(name: string): readonly string[] {
  const file = resolve(`policies/examples/${name}.yml`);
  const layer = name === 'regulated-organisation' ? '--organisation' : '--repository';
  return [layer, file, '--operator', resolve(operatorOfExample(name))];
}

function acts(out: string): string {
  const found = [...out.matchAll(/^ {2}([a-z]+): (runs|waits|stays|refused)$/gm)];
  return found.map(([, task, outcome]) => `${task} ${outcome}`).join(', ');
}

it('has an outcome for every example', () => {
  expect(Object.keys(outcomes)).toEqual(examples.toSorted());
});

describe.each(examples)('the example %s, below the operator that it names', (name) => {
  const own = openedPayload();
  const fork = openedPayload({ head: { sha: 'a'.repeat(40), ref: 'topic', repo: { id: 8 } } });

  it('has no fault, and is explained', async () => {
    const { code, out } = await policyIn({})('explain', ...layersOf(name));
    expect(code).toBe(0);
    expect(out).toContain(`policies/examples/${name}.yml:`);
  });

  async function simulated(payload: object, permission: string): Promise<string> {
    const event = JSON.stringify({ event: 'pull_request', payload });
    const told = ['--permission', `mona=${permission}`, '--path', 'src/a.ts'];
    const args = ['--event', 'event.json', '--at', '2026-03-04T11:00:00Z', ...told];
    const policy = policyIn({ 'event.json': event });
    const { code, out } = await policy('simulate', ...args, ...layersOf(name));
    expect(code).toBe(0);
    return acts(out);
  }

  it.each([
    ['own', own],
    ['fork', fork],
  ] as const)('is simulated with a pull request: %s', async (from, payload) => {
    expect(await simulated(payload, 'write')).toBe(outcomes[name]?.[from]);
  });

  it('runs nothing by itself for somebody who may only read', async () => {
    expect(await simulated(own, 'read')).toMatch(/^review (waits|stays), /);
    expect(await simulated(own, 'read')).not.toContain('runs');
  });
});

describe('policies/with-model.yml', () => {
  const [model, plain] = ['with-model', 'default'].map(
    (name) => parse(readFileSync(`policies/${name}.yml`, 'utf8')) as Layer,
  ) as [Layer, Layer];

  it('is policies/default.yml with an agent: its route, its images, its budgets and its tasks', () => {
    const { modelRoutes } = model.egress;
    expect(modelRoutes).toHaveLength(1);
    expect(model).toEqual({
      ...plain,
      agents: [...plain.agents, 'claude-code'],
      images: model.images,
      outputs: { ...plain.outputs, labels: model.outputs.labels, answer: 'automatic' },
      budgets: model.budgets,
      egress: { ...plain.egress, modelRoutes },
      tasks: model.tasks,
    });
    expect(model.tasks['review']).toMatchObject({ ...plain.tasks['review'], agent: 'claude-code' });
  });

  it('has a task for each purpose that people ask for, with a pinned model that has a price', () => {
    expect(Object.keys(model.tasks)).toEqual(['review', 'fix', 'tests', 'docs', 'triage']);
    const { models } = parse(readFileSync('policies/prices.yml', 'utf8')) as Prices;
    for (const { name, route } of Object.values(model.tasks).flatMap(modelsOf)) {
      expect(model.egress.modelRoutes.find(({ id }) => id === route)?.models).toContain(name);
      expect(Object.keys(models)).toContain(name);
    }
  });
});

/** Agents that a document names, wherever it does. */
function agentsIn(text: string): readonly string[] {
  const { agents = [], tasks = {} } = parse(text) as Partial<Layer>;
  const named = Object.values(tasks).flatMap(({ agent, secondOpinion }) => [
    agent,
    secondOpinion?.agent,
  ]);
  return [...agents, ...named].filter((name) => name !== undefined);
}

const shipped = ['default', 'with-model', ...examples.map((name) => `examples/${name}`)];

it.each(shipped)('policies/%s.yml names agents that exist', (name) => {
  const known = readdirSync('workers/agents');
  for (const agent of agentsIn(readFileSync(`policies/${name}.yml`, 'utf8')))
    expect(known).toContain(agent);
});

function modelsOf({ model, secondOpinion }: Task): readonly Model[] {
  return [model, secondOpinion?.model].filter((one) => one !== undefined);
}

interface Model {
  readonly route: string;
  readonly name: string;
}

interface Task {
  readonly agent?: string;
  readonly model?: Model;
  readonly secondOpinion?: { readonly agent: string; readonly model?: Model };
}

interface Layer {
  readonly agents: readonly string[];
  readonly images?: readonly string[];
  readonly outputs: { readonly labels?: readonly string[] };
  readonly budgets?: object;
  readonly egress: {
    readonly modelRoutes: readonly { readonly id: string; readonly models: readonly string[] }[];
  };
  readonly tasks: Readonly<Record<string, Task>>;
}

interface Prices {
  readonly models: Readonly<Record<string, object>>;
}
