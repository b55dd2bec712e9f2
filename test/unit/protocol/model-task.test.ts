import { describe, expect, it } from 'vitest';
import { AgentReport } from '../../../src/protocol/agent-report.ts';
import { SandboxEvent } from '../../../src/protocol/event.ts';
import { ModelBudget } from '../../../src/protocol/model-budget.ts';
import { TaskInput } from '../../../src/protocol/task-input.ts';
import { strangeKeys, taskInput, withKey } from './samples.ts';

const model = { api: 'anthropic-messages', label: 'claude', name: 'claude-sonnet-4-5' };
const prior = {
  id: '0a1b2c3d4e5f',
  state: 'open',
  tool: 'claude-code',
  rule: 'off-by-one',
  severity: 'warning',
  path: 'src/a.js',
  range: { startLine: 1, endLine: 2 },
  message: 'reads one too many',
};
const command = { name: 'test', run: ['npm', 'test'] };
const told = {
  ...taskInput,
  purpose: 'tests',
  model,
  priorFindings: [prior],
  replaced: ['CLAUDE.md'],
  hasBase: true,
  commands: [command],
};

describe('a task for an agent with a model', () => {
  it('is left as it is', () => {
    expect(TaskInput.parse(told)).toEqual(told);
  });

  it.each(strangeKeys)('has no field for %s', (_what, key) => {
    for (const fields of [
      { model: withKey(model, key) },
      { priorFindings: [withKey(prior, key)] },
      { commands: [withKey(command, key)] },
    ])
      expect(TaskInput.safeParse({ ...told, ...fields }).success).toBe(false);
  });

  it.each([
    ['another API', { model: { ...model, api: 'telnet' } }],
    ['a model that is an address', { model: { ...model, label: 'a.example' } }],
    ['a model with a blank', { model: { ...model, name: 'a b' } }],
    ['a finding of no id', { priorFindings: [{ ...prior, id: '../x' }] }],
    ['a thousand and one findings', { priorFindings: Array.from({ length: 1_001 }, () => prior) }],
    ['a replaced path that leads out', { replaced: ['../CLAUDE.md'] }],
    ['a command of no words', { commands: [{ name: 'test', run: [] }] }],
    ['a command that is a line', { commands: [{ name: 'test', run: 'npm test' }] }],
    ['twenty-one commands', { commands: Array.from({ length: 21 }, () => command) }],
  ])('has not %s', (_what, fields) => {
    expect(TaskInput.safeParse({ ...told, ...fields }).success).toBe(false);
  });
});

describe('what an agent says of its work', () => {
  const said = [
    { kind: 'tool', name: 'Bash', detail: 'npm test' },
    { kind: 'tokens', input: 1, output: 2, cacheRead: 3, cacheWrite: 4 },
    { kind: 'cost', costMicroUsd: 5 },
    { kind: 'provider-error', status: 529, text: 'overloaded' },
    { kind: 'end', how: 'refused', text: '' },
  ];

  it.each(said)('may be of $kind', (event) => {
    const whole = { type: 'agent', event };
    expect(SandboxEvent.parse(whole)).toEqual(whole);
  });

  it.each(strangeKeys)('has no field for %s', (_what, key) => {
    for (const event of said)
      expect(SandboxEvent.safeParse({ type: 'agent', event: withKey(event, key) }).success).toBe(
        false,
      );
  });
});

describe('what an agent may leave besides findings', () => {
  const report = { findings: [], tools: [], toolErrors: [] };

  it.each([
    ['opinions', [{ id: 'f1', verdict: 'refuted', reason: 'the loop ends before' }]],
    ['triage', { labels: ['bug'], answer: null }],
    ['commands', [{ name: 'test', exitCode: 1, signal: null, ms: 5, output: 'no' }]],
  ])('is %s', (name, value) => {
    const whole = { ...report, [name]: value };
    expect(AgentReport.parse(whole)).toEqual(whole);
  });

  it.each([
    ['an opinion of its own kind', { opinions: [{ id: 'f1', verdict: 'worse', reason: '' }] }],
    ['eleven labels', { triage: { labels: Array.from({ length: 11 }, () => 'a'), answer: null } }],
    ['an answer without end', { triage: { labels: [], answer: 'x'.repeat(4_001) } }],
  ])('is not %s', (_what, fields) => {
    expect(AgentReport.safeParse({ ...report, ...fields }).success).toBe(false);
  });
});

describe('what a task may use of its model', () => {
  it('is a number, or without a ceiling', () => {
    const budget = { tokens: 0, costMicroUsd: null, requests: 12 };
    expect(ModelBudget.parse(budget)).toEqual(budget);
    expect(ModelBudget.safeParse({ ...budget, tokens: -1 }).success).toBe(false);
  });
});
