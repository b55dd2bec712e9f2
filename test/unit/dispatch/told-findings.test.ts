import { describe, expect, it } from 'vitest';
import { toldFindings } from '../../../src/dispatch/told-findings.ts';
import { maxPriorFindings, PriorFinding } from '../../../src/protocol/task-input.ts';

function prior(id: string, state: PriorFinding['state'] = 'open'): PriorFinding {
  const said = { tool: 'ruff', rule: 'F821', severity: 'error', path: 'a.py', message: 'so' };
  return PriorFinding.parse({ ...said, id, state });
}

describe('what an agent is told of findings', () => {
  it('begins with what it is asked to work on, which is not said again as open', () => {
    const known = [prior('a'), prior('b'), prior('c', 'dismissed')].map((one) => ({ prior: one }));
    const told = toldFindings([prior('b', 'asked')], known);
    expect(told.map(({ id, state }) => [id, state])).toEqual([
      ['b', 'asked'],
      ['a', 'open'],
      ['c', 'dismissed'],
    ]);
  });

  it('is no more than its input may say', () => {
    const known = Array.from({ length: maxPriorFindings }, (_, at) => ({ prior: prior(`k${at}`) }));
    const told = toldFindings([prior('b', 'asked')], known);
    expect(told).toHaveLength(maxPriorFindings);
    expect(told[0]?.state).toBe('asked');
  });
});
