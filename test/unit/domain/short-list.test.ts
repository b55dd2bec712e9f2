import { describe, expect, it } from 'vitest';
import { AgentReport } from '../../../src/protocol/agent-report.ts';
import { SandboxEvent } from '../../../src/protocol/event.ts';

const many = Array(100_000).fill(0);
const report = { findings: [], tools: [], toolErrors: [] };
const exec = { kind: 'exec', pid: 1, parent: null, atMs: 0, path: '/a', truncated: false };

describe('a list that is too long', () => {
  it.each([
    ['tools of a report', AgentReport, { ...report, tools: many }],
    ['faults of tools', AgentReport, { ...report, toolErrors: many }],
    ['processes of a batch', SandboxEvent, { type: 'exec', batch: many }],
    ['arguments of a process', SandboxEvent, { type: 'exec', batch: [{ ...exec, argv: many }] }],
  ])('has one fault, whatever is in it: %s', (_what, schema, value) => {
    const { error } = schema.safeParse(value);
    expect(error?.issues.map(({ code }) => code)).toEqual(['custom']);
  });

  it('is none when it is short, and each item counts', () => {
    expect(
      SandboxEvent.safeParse({ type: 'exec', batch: [{ ...exec, argv: ['a'] }] }).success,
    ).toBe(true);
    expect(SandboxEvent.safeParse({ type: 'exec', batch: [{ ...exec, argv: [0] }] }).success).toBe(
      false,
    );
    expect(SandboxEvent.safeParse({ type: 'exec', batch: [] }).success).toBe(false);
  });
});
