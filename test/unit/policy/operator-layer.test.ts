import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SallyportError } from '../../../src/errors.ts';
import { parseOperatorLayer } from '../../../src/policy/operator-layer.ts';
import { kindOf, rulesOf } from '../../../src/policy/rules-of.ts';

const shipped = readFileSync('policies/default.yml', 'utf8');

function faultOf(text: string): string {
  try {
    parseOperatorLayer(text, 'p.yml');
  } catch (error) {
    if (error instanceof SallyportError && error.code === 'policy.invalid') return error.message;
    throw error;
  }
  return 'no fault';
}

describe('the policy that ships', () => {
  const { policy, digest } = parseOperatorLayer(shipped, 'p.yml').loaded;

  it('lets nothing out', () => {
    const { rules, modelRoutes, allowAddresses } = policy.egress;
    expect([rules, modelRoutes, allowAddresses]).toEqual([[], [], []]);
  });

  it('has a review that starts by itself and writes nothing, and a fix by command alone', () => {
    const { events, drafts } = rulesOf(policy, 'review').triggers;
    expect([...events].sort()).toEqual(
      ['opened', 'ready_for_review', 'reopened', 'retargeted', 'synchronize'].sort(),
    );
    expect([drafts, kindOf(rulesOf(policy, 'review'))]).toEqual([false, 'review']);
    expect(rulesOf(policy, 'fix').triggers.events).toEqual([]);
    expect(kindOf(rulesOf(policy, 'fix'))).toBe('fix');
  });

  it('lets writers command and approve, the requester too, and holds outsiders', () => {
    for (const { run, approve, approvals, forks } of Object.values(policy.tasks)) {
      expect([run, approve]).toEqual([[{ permission: 'write' }], [{ permission: 'write' }]]);
      expect(approvals).toMatchObject({ count: 1, requesterMayApprove: true, codeOwners: false });
      expect(forks).toBe('wait');
    }
  });

  it('has a digest of what it means: comments and order do not count', () => {
    expect(parseOperatorLayer(`${shipped}\n# x`, 'other').loaded.digest).toBe(digest);
    const other = shipped.replace('pids: 512', 'pids: 511');
    expect(parseOperatorLayer(other, 'p.yml').loaded.digest).not.toBe(digest);
  });
});

describe('parseOperatorLayer', () => {
  it.each([
    [
      'a wrong value',
      shipped.replace('failOn: error', 'failOn: fatal'),
      /p\.yml:\d+:\d+: conclusion\.failOn/,
    ],
    ['an unknown key', shipped.replace('version: 1', 'version: 1\nvresion: 2'), /p\.yml:\d+:1: /],
    ['a missing key', shipped.replace('forks: wait', ''), /p\.yml:\d+:\d+: forks/],
    ['a duplicate key', `${shipped}\nversion: 1`, /p\.yml:\d+:\d+: /],
    ['broken YAML', 'version: [', /p\.yml:1:\d+/],
    ['nothing', '', /p\.yml:1:1: /],
    ['a ceiling below its floor', shipped.replace('pids: 512', 'pids: 0'), /limits\.pids/],
    ['an alias', shipped.replace('agents: [linters]', 'agents: *a'), /alias/i],
  ])('refuses %s and names the place', (_what, text, message) => {
    expect(faultOf(text)).toMatch(message);
  });
});

describe('the rules of a task that the policy does not have', () => {
  it.each(['deploy', 'constructor', '__proto__'])('are none: %s', (name) => {
    const { policy } = parseOperatorLayer(shipped, 'p.yml').loaded;
    expect(() => rulesOf(policy, name)).toThrow(/has no task/);
  });
});
