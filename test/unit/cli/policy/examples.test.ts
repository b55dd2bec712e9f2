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
    own: 'review stays, fix stays, docs runs',
    fork: 'review stays, fix stays, docs waits',
  },
  'fork-heavy-project': { own: 'review runs, fix stays', fork: 'review waits, fix stays' },
  'internal-monorepo': {
    own: 'review runs, fix stays, tests stays',
    fork: 'review waits, fix stays, tests stays',
  },
  'regulated-organisation': { own: 'review runs, fix stays', fork: 'review refused, fix stays' },
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
  it('is policies/default.yml with an agent, its route and an image', () => {
    const [model, plain] = ['with-model', 'default'].map(
      (name) => parse(readFileSync(`policies/${name}.yml`, 'utf8')) as Layer,
    ) as [Layer, Layer];
    expect(model.egress.modelRoutes).toHaveLength(1);
    expect(model).toEqual({
      ...plain,
      agents: [...plain.agents, 'claude'],
      images: model.images,
      egress: { ...plain.egress, modelRoutes: model.egress.modelRoutes },
      tasks: { ...plain.tasks, fix: { ...plain.tasks['fix'], agent: 'claude' } },
    });
  });
});

interface Layer {
  readonly agents: readonly string[];
  readonly images?: readonly string[];
  readonly egress: { readonly modelRoutes: readonly unknown[] };
  readonly tasks: Readonly<Record<string, object>>;
}
