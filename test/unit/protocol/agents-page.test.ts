import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  agentVariables,
  canaryVariable,
  modelKeyVariable,
} from '../../../src/protocol/agent-environment.ts';
import { AgentEvent } from '../../../src/protocol/agent-event.ts';
import { AgentReport } from '../../../src/protocol/agent-report.ts';
import { journalNames } from '../../../src/protocol/journal.ts';
import { ModelBudget } from '../../../src/protocol/model-budget.ts';

const root = join(import.meta.dirname, '../../..');
const page = readFileSync(join(root, 'docs/agents.md'), 'utf8');

function example(name: string): string {
  const [, text] = new RegExp(`\`\`\`\\w+ ${name}\n([^]*?)\n\`\`\``).exec(page) ?? [];
  if (text === undefined) throw new Error(`the page has no example ${name}`);
  return text;
}

describe('docs/agents.md', () => {
  it('has a report and events that are taken', () => {
    expect(AgentReport.parse(JSON.parse(example('report'))).findings).toHaveLength(1);
    const kinds = example('events')
      .split('\n')
      .map((line) => AgentEvent.parse(JSON.parse(line.slice('::event '.length))).kind);
    expect(kinds).toEqual(AgentEvent.options.map((option) => option.shape.kind.value));
  });

  it('names every variable, every journal and every field of a budget', () => {
    const names = [
      ...agentVariables.filter((name) => !/proxy/i.test(name)),
      canaryVariable,
      modelKeyVariable,
      ...Object.values(journalNames),
    ];
    for (const name of names) expect(page).toContain(`\`${name}\``);
    for (const name of Object.keys(ModelBudget.shape)) expect(page).toContain(`"${name}"`);
  });

  it('names tests and files that are there', () => {
    const paths = [...page.matchAll(/`((?:test|src)\/[\w./-]+)`/g)].map(([, path = '']) => path);
    expect(paths.length).toBeGreaterThan(10);
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
});
